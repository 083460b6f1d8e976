import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { formatBytes } from '../../ui/format.ts';
import { HOST_LAYOUT } from '../deploy/host-layout.ts';
import type { Site } from '../deploy/site.ts';
import { dataHost, dataTarget } from './ask-host.ts';
import { BACKUP_NAME, BackupManifest, type FileState, type StoredBackup } from './records.ts';

/** Lines of 64 KiB; base64 because a connection hands on text. */
const READ = `exec base64 -w 65536 -- "$1"`;

/** In one step: what was cut off on its way is no backup. */
const STORE = `umask 077; mkdir -p -- "$1" && cat > "$1/$2.part" && sync "$1/$2.part" && mv -- "$1/$2.part" "$1/$2"`;

const packed = (name: string) => `${name}.sql.gz`;
const described = (name: string) => `${name}.json`;

const hostFolder = ({ home }: Pick<Site, 'home'>) => `${home}/${HOST_LAYOUT.backups}`;

/** Where a backup lies on its server, as scp has it. */
export const placeOnHost = (site: Site, name: string): string =>
  `${dataHost(site).name}:${hostFolder(site)}/${packed(name)}`;

function fileState(folder: string, { name, bytes }: BackupManifest): FileState {
  const found = statSync(join(folder, packed(name)), { throwIfNoEntry: false });
  if (!found) return 'missing';
  return found.size === bytes ? 'whole' : 'cut';
}

/** The backups in a folder of this machine, the newest first; none where there is no such folder. */
export async function localBackups(folder: string, { machine }: Pick<Context, 'machine'>): Promise<StoredBackup[]> {
  const files = await readdir(folder).catch(() => []);
  const names = files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []));
  const found = await Promise.all(
    names
      .filter((name) => BACKUP_NAME.test(name))
      .map(async (name) => {
        const manifest = await machine.readJson(join(folder, described(name)), BackupManifest);
        return manifest?.name === name ? [{ ...manifest, file: fileState(folder, manifest) }] : [];
      }),
  );
  return found.flat().sort((a, b) => (a.name < b.name ? 1 : -1));
}

/** A file that grows line by line, and what its checksum comes to. */
function receive(file: string) {
  const handle = openSync(file, 'w', 0o600);
  const digest = createHash('sha256');
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    add(line: string) {
      const chunk = Buffer.from(line, 'base64');
      for (let at = 0; at < chunk.length; ) at += writeSync(handle, chunk, at);
      digest.update(chunk);
      bytes += chunk.length;
    },
    end(): string {
      fsyncSync(handle);
      return digest.digest('hex');
    },
    close: () => closeSync(handle),
  };
}

/**
 * Brings a backup to this machine, in a folder only its owner may enter; what arrives is checked before it counts.
 * @returns the file's path.
 * @throws {OmsError} deploy_failed when it cannot be read or does not arrive whole; host_unreachable.
 */
export async function download(
  site: Site,
  manifest: BackupManifest,
  folder: string,
  report: (line: string) => void,
  context: Context,
): Promise<string> {
  const file = join(folder, packed(manifest.name));
  const part = `${file}.part`;
  await context.machine.makeFolder(folder);
  const received = receive(part);
  try {
    const failures: unknown[] = [];
    const onLine = (line: string) => {
      if (failures.length > 0) return;
      try {
        received.add(line);
        report(`${formatBytes(received.bytes)} of ${formatBytes(manifest.bytes)}`);
      } catch (error) {
        failures.push(error);
      }
    };
    const argv = ['sh', '-c', READ, 'sh', `${hostFolder(site)}/${packed(manifest.name)}`];
    const { signal, remote } = context;
    const { code, stderr } = await remote.follow(dataTarget(site, context), argv, { root: true, signal, onLine });
    signal.throwIfAborted();
    if (failures.length > 0) throw failures[0];
    if (code !== 0 || received.end() !== manifest.sha256) throw notWhole(site, manifest, stderr);
    renameSync(part, file);
    context.machine.writeJson(join(folder, described(manifest.name)), withoutState(manifest));
    return file;
  } finally {
    received.close();
    rmSync(part, { force: true });
  }
}

const withoutState = (manifest: BackupManifest & { file?: FileState }): BackupManifest => {
  const { file: _, ...rest } = manifest;
  return rest;
};

const notWhole = (site: Site, { name }: BackupManifest, said: string) =>
  new OmsError('deploy_failed', `${placeOnHost(site, name)} did not arrive whole`, {
    why: said.trim() || 'its checksum is another one than when it was made',
    next: [`oms backup list --env ${site.name}`],
  });

/** Sends a backup of this machine to the server with the database; the manifest last, which makes it one. */
export async function upload(
  site: Site,
  manifest: BackupManifest,
  folder: string,
  report: (line: string) => void,
  context: Context,
): Promise<void> {
  const { remote, signal } = context;
  const target = dataTarget(site, context);
  const store = (name: string) => ['sh', '-c', STORE, 'sh', hostFolder(site), name];
  const options = { root: true, signal };
  const sent = await remote.send(target, join(folder, packed(manifest.name)), store(packed(manifest.name)), {
    ...options,
    onProgress: (bytes) => report(`${formatBytes(bytes)} of ${formatBytes(manifest.bytes)}`),
  });
  const input = `${JSON.stringify(withoutState(manifest), null, 2)}\n`;
  const said =
    sent.code === 0 ? await remote.run(target, store(described(manifest.name)), { ...options, input }) : sent;
  if (said.code === 0) return;
  throw new OmsError('deploy_failed', `${manifest.name} could not be sent to ${target.name}`, {
    why: messageOf(said.stderr.trim()),
    next: [`look at ${target.name}: df -h`],
  });
}
