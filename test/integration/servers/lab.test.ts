import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { suite, type TestContext, test } from 'node:test';
import { run } from '../../../src/adapters/exec/run.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';
import { labForTest } from '../../standins/servers/lab-for-test.ts';
import { labPlaces } from '../../standins/servers/places.ts';
import type { LabServer } from '../../standins/servers/server.ts';

/** Of Linux; a server has neither. */
const SYS_MODULE = 1n << 16n;
const SYS_TIME = 1n << 25n;

/** Runs a command by ssh; gives what it wrote, whichever way it ended. */
function sshTo(t: TestContext, { address, identityFile }: LabServer) {
  const knownHosts = join(tempFolder(t), 'known_hosts');
  const options = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=accept-new', '-o', 'LogLevel=ERROR'];
  const args = ['-i', identityFile, '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'ConnectTimeout=2', ...options];
  return (user: string, command: string) =>
    run({ file: 'ssh', args: [...args, `${user}@${address}`, command] }).then(
      ({ stdout }) => stdout,
      (error: { stderr?: string }) => error.stderr ?? String(error),
    );
}

async function withholdsRights(server: LabServer): Promise<void> {
  const { stdout } = await server.exec(['grep', 'CapBnd', '/proc/1/status', '/proc/self/status']);
  const sets = [...stdout.matchAll(/CapBnd:\s*([0-9a-f]+)/g)].map((match) => BigInt(`0x${match[1]}`));
  assert.equal(sets.length, 2);
  for (const set of sets) assert.equal(set & (SYS_TIME | SYS_MODULE), 0n);
  const { stdout: mounts } = await server.exec(['grep', ' /proc/sys ', '/proc/mounts']);
  assert.match(mounts, / ro,/);
}

async function comesBack(server: LabServer, t: TestContext): Promise<void> {
  const write = 'echo kept > /var/tmp/kept && sync /var/tmp/kept';
  assert.equal((await server.exec(['sh', '-c', write])).code, 0);
  await server.powerCut();
  await assert.rejects(server.exec(['true']), /shop-1 has no power/);
  t.diagnostic(`again after a power cut: ${(await server.boot()).toFixed(1)} s`);
  assert.equal((await server.exec(['cat', '/var/tmp/kept'])).stdout, 'kept\n');
}

/** Whatever a lab could have left on this machine. */
function leftovers(): string[] {
  const links = execFileSync('ip', ['-oneline', 'link']).toString();
  const places = labPlaces();
  return [
    ...(links.match(/omslab\S*/g) ?? []),
    ...globSync('/sys/fs/cgroup/**/oms-lab', { exclude: (path) => path.split('/').length > 6 }),
    ...readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.includes(places.run)),
    ...[places.run, places.lock].filter((path) => existsSync(path)),
  ];
}

/** A lab in a process of its own, killed once its server is up. */
async function killedLab(t: TestContext): Promise<void> {
  const lab = join(import.meta.dirname, '..', '..', 'standins', 'servers', 'lab.ts');
  const program = join(tempFolder(t), 'lab.ts');
  const options = "{ servers: ['old-1'], images: [], log: console.log }";
  writeFileSync(program, `import { startLab } from '${lab}';\nawait startLab(${options});\n`);
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  await Promise.race([gone, new Promise<void>((up) => lines.on('line', (line) => line.startsWith('lab:') && up()))]);
  child.kill('SIGKILL');
  await gone;
}

suite('servers on this machine', () => {
  test('a bare server: logged in to, cut off, up again with what was synced', async (t) => {
    const lab = await labForTest(t, { servers: ['shop-1'], images: [] });
    if (!lab) return;
    const server = lab.server('shop-1');
    const ssh = sshTo(t, server);
    assert.equal(await ssh(server.user, 'hostname; sudo id -un'), 'shop-1\nroot');
    assert.match(await ssh(server.powerlessUser, 'sudo -n true'), /password is required/);
    assert.match(await ssh('root', 'true'), /Permission denied/);
    assert.equal((await server.exec(['sh', '-c', 'command -v docker'])).code, 127);
    assert.equal((await server.exec(['apt-get', '-qq', 'update'])).code, 0);
    await withholdsRights(server);

    await comesBack(server, t);
    assert.equal(await ssh(server.user, 'cat /var/tmp/kept'), 'kept');

    await server.changeHostKey();
    assert.match(await ssh(server.user, 'true'), /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed/);
    await lab.stop();
    assert.deepEqual(leftovers(), []);
  });

  test('a lab whose process was killed is in nobody’s way', async (t) => {
    const probe = await labForTest(t, { servers: [], images: [] });
    if (!probe) return;
    await probe.stop();
    await killedLab(t);
    const hasProcess = () =>
      globSync('/sys/fs/cgroup/**/oms-lab/old-1/cgroup.procs').some((file) => readFileSync(file, 'utf8') !== '');
    await until('no process of the old server', () => !hasProcess());
    const lab = await labForTest(t, { servers: ['new-1'], images: [] });
    assert.deepEqual(
      lab?.servers.map(({ name }) => name),
      ['new-1'],
    );
    await lab?.stop();
    assert.deepEqual(leftovers(), []);
  });
});
