import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { HOST_LAYOUT } from '../deploy/host-layout.ts';
import type { Site } from '../deploy/site.ts';
import { askHost, dataTarget } from './ask-host.ts';
import { type BackupRun, playbookStep, readyStep, runBackupSteps, runLocked } from './backup-run.ts';
import { download, placeOnHost } from './copies.ts';
import { lookAtGround } from './known-ground.ts';
import { HostBackups, type StoredBackup } from './records.ts';
import type { BackupCreated } from './results.ts';

export interface CreateOptions {
  env: string;
  /** How many stay, this one among them. */
  keep: number;
  /** Folder of this machine that gets a copy. */
  download: string | undefined;
  why: string | undefined;
}

const SIZE = `cat "$1"/*.partial 2>/dev/null | wc -c; exit 0`;
const LOOK_EVERY_MS = 2_000;

/** How large the file has become, for who waits; what cannot be told is left out. */
export const watchSize =
  (site: Site, context: Context) =>
  async (report: (line: string) => void, done: AbortSignal): Promise<void> => {
    const argv = ['sh', '-c', SIZE, 'sh', `${site.home}/${HOST_LAYOUT.backups}`];
    while (!done.aborted) {
      await delay(LOOK_EVERY_MS, undefined, { signal: done }).catch(() => undefined);
      if (done.aborted) return;
      const options = { root: true, signal: done, timeoutMs: 10_000 };
      const found = await context.remote.run(dataTarget(site, context), argv, options).catch(() => undefined);
      const bytes = Number(found?.stdout.trim() ?? 0);
      if (bytes > 0) report(`${formatBytes(bytes)} written`);
    }
  };

export const ordersIn = ({ rows }: Pick<StoredBackup, 'rows'>): number => rows.orders?.to ?? 0;

/** The backup that is there and was not before. */
export async function newBackup(run: BackupRun, context: Context): Promise<StoredBackup> {
  const { backups } = await askHost(run.site, 'list', HostBackups, context);
  const known = new Set(run.now.backups.map(({ name }) => name));
  return backups.find(({ name }) => !known.has(name)) ?? backups[0]!;
}

async function make(run: BackupRun, options: CreateOptions, context: Context): Promise<BackupCreated> {
  const { site, now, recorder } = run;
  const made: { backup?: StoredBackup; downloaded: string | null } = { downloaded: null };
  const write = playbookStep(
    {
      ...{ title: 'writing the backup, while everything runs', playbook: 'backup' },
      ...{ extra: { oms_backups_kept: options.keep }, watch: watchSize(site, context) },
    },
    context,
  );
  await runBackupSteps(
    run,
    [
      readyStep(run, context),
      {
        ...write,
        run: async (...args) => {
          await write.run(...args);
          made.backup = await newBackup(run, context);
          return `${formatBytes(made.backup.bytes)}, ${formatCount(ordersIn(made.backup))} orders`;
        },
      },
      ...(options.download === undefined
        ? []
        : [
            {
              title: 'bringing it to this machine',
              run: async (_: BackupRun, report: (line: string) => void) => {
                made.downloaded = await download(site, made.backup!, options.download!, report, context);
                return made.downloaded;
              },
            },
          ]),
    ],
    context,
  );
  const backup = made.backup!;
  const { name, at, release, schemaVersion, bytes, seconds } = backup;
  const after = await askHost(site, 'list', HostBackups, context);
  const left = new Set(after.backups.map((one) => one.name));
  return {
    ...{ environment: site.name, name, at, release, schemaVersion, bytes, orders: ordersIn(backup), seconds },
    ...{ where: placeOnHost(site, name), downloaded: made.downloaded, report: recorder.file },
    removed: now.backups.map((one) => one.name).filter((one) => !left.has(one)),
  };
}

/**
 * Writes a consistent copy of a site's database on its server while everything runs, and removes the oldest beyond
 * those that stay.
 * @throws {OmsError} not_deployed; host_unreachable; deploy_locked; disk; deploy_failed.
 */
export async function createBackup(options: CreateOptions, context: Context): Promise<BackupCreated> {
  try {
    const ground = await lookAtGround(options.env, context);
    const call = { ...ground, command: 'oms backup create', action: 'backup', why: options.why ?? null } as const;
    return await runLocked(call, context, async (run) => {
      const value = await make(run, options, context);
      return { value, detail: `${value.name}: ${formatCount(value.orders)} orders, ${formatBytes(value.bytes)}` };
    });
  } finally {
    await context.remote.close();
  }
}
