import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findByVariable, isAlive, startTimeOf } from '../../../lib/runtime/process-identity.ts';
import { readState, SUPERVISED_BY, type SupervisorState } from '../../../lib/runtime/supervision.ts';
import { killIfThere } from '../../helpers/kill.ts';
import { until } from '../../helpers/until.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'apps', 'supervisor', 'main.ts');
const QUICK = { minDelayMs: 5, maxDelayMs: 20, resetAfterMs: 60_000, giveUpAfter: 1_000 };

interface Fixture {
  folder: string;
  stateFile: string;
  /** Replaces the spec; `script` is run by sh. */
  write(processes: readonly { name: string; script: string; [field: string]: unknown }[]): void;
  /** @param niceness as in nice(1) */
  start(niceness?: number): ChildProcess;
  state(): SupervisorState | undefined;
  find(name: string): SupervisorState['processes'][number] | undefined;
  read(file: string): string[];
}

function createFixture(t: TestContext): Fixture {
  const folder = mkdtempSync(join(tmpdir(), 'oms-supervisor-'));
  const stateFile = join(folder, 'state.json');
  const supervisors: ChildProcess[] = [];
  t.after(async () => {
    for (const supervisor of supervisors) {
      if (supervisor.exitCode === null && supervisor.signalCode === null) await end(supervisor, 'SIGKILL');
    }
    for (const { pid } of findByVariable(SUPERVISED_BY, stateFile)) killIfThere(pid);
    await until('no child is left', () => findByVariable(SUPERVISED_BY, stateFile).length === 0);
    rmSync(folder, { recursive: true });
  });
  const state = () => readState(stateFile);
  return {
    folder,
    stateFile,
    write(processes) {
      const specs = processes.map(({ name, script, ...more }) => ({
        name,
        command: '/bin/sh',
        args: ['-c', script],
        cwd: folder,
        logFile: join(folder, `${name}.log`),
        restart: QUICK,
        ...more,
      }));
      writeFileSync(join(folder, 'spec.json'), JSON.stringify({ stateFile, processes: specs }));
    },
    start(niceness = 0) {
      const env = { ...process.env, OMS_SUPERVISOR_SPEC: join(folder, 'spec.json'), OMS_LOG_LEVEL: 'silent' };
      const supervisor = spawn('nice', ['-n', `${niceness}`, process.execPath, MAIN], { env, stdio: 'ignore' });
      supervisors.push(supervisor);
      return supervisor;
    },
    state,
    find: (name) => state()?.processes.find((candidate) => candidate.name === name),
    read: (file) => {
      const path = join(folder, file);
      return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
    },
  };
}

const untilStatus = (fixture: Fixture, name: string, status: string) =>
  until(`${name} is ${status}`, () => {
    const found = fixture.find(name);
    return found?.status === status ? found : undefined;
  });

async function end(supervisor: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(supervisor, 'exit');
  supervisor.kill(signal);
  const [code] = await exit;
  return code as number | null;
}

test('a process starts only after those it names are ready, and all stop in reverse order', async (t) => {
  const fixture = createFixture(t);
  const note = (name: string) =>
    `trap 'echo ${name} stops >> order; exit 0' TERM; echo ${name} starts >> order; while :; do sleep 0.02; done`;
  fixture.write([
    { name: 'first', script: note('first') },
    { name: 'second', script: note('second'), after: ['first'] },
    { name: 'third', script: note('third'), after: ['second'] },
  ]);
  const supervisor = fixture.start();
  await until('all have written', () => fixture.state() && fixture.find('third')?.status === 'ready');
  await until('three lines', () => fixture.read('order').length === 3);

  assert.equal(await end(supervisor, 'SIGTERM'), 0);

  assert.deepEqual(fixture.read('order').slice(3), ['third stops', 'second stops', 'first stops']);
  assert.deepEqual(
    fixture.state()?.processes.map(({ status, pid }) => ({ status, pid })),
    Array(3).fill({ status: 'stopped', pid: null }),
  );
  assert.deepEqual(findByVariable(SUPERVISED_BY, fixture.stateFile), []);
});

test('what gives way does so to what started it, however nice that is itself', async (t) => {
  const fixture = createFixture(t);
  fixture.write([
    { name: 'plain', script: 'exec sleep 100' },
    { name: 'modest', script: 'exec sleep 100', niceness: 2 },
  ]);
  fixture.start(1);
  const own = getPriority();
  for (const [name, more] of [
    ['plain', 1],
    ['modest', 3],
  ] as const) {
    const { pid } = await untilStatus(fixture, name, 'ready');
    assert.equal(getPriority(pid!), Math.min(own + more, 19), name);
  }
});

test('a process that waits for one that never gets ready is not started', async (t) => {
  const fixture = createFixture(t);
  fixture.write([
    // Nothing listens on port 1.
    { name: 'deaf', script: 'exec sleep 100', readyPort: 1 },
    { name: 'patient', script: 'touch started; exec sleep 100', after: ['deaf'] },
    { name: 'free', script: 'exec sleep 100' },
  ]);
  fixture.start();
  await untilStatus(fixture, 'free', 'ready');
  assert.equal(fixture.find('deaf')?.status, 'starting');
  assert.equal(fixture.find('patient')?.status, 'waiting');
});

test('a crashed process is started again, with its exit and its last error kept', async (t) => {
  const fixture = createFixture(t);
  const error = JSON.stringify({ level: 'fatal', msg: 'cannot go on', err: { message: 'disk on fire' } });
  fixture.write([
    { name: 'fragile', script: `if [ -e once ]; then exec sleep 100; fi; touch once; echo '${error}'; exit 7` },
  ]);
  fixture.start();
  await until('it runs again', () => fixture.find('fragile')?.restarts === 1);
  const { lastExit, lastError } = await untilStatus(fixture, 'fragile', 'ready');
  assert.deepEqual({ code: lastExit?.code, signal: lastExit?.signal }, { code: 7, signal: null });
  assert.equal(lastError, 'cannot go on: disk on fire');
});

test('a process killed from outside is started again under a new pid', async (t) => {
  const fixture = createFixture(t);
  fixture.write([{ name: 'victim', script: 'exec sleep 100' }]);
  fixture.start();
  const { pid } = await untilStatus(fixture, 'victim', 'ready');
  process.kill(pid!, 'SIGKILL');
  await until('another pid is ready', () => {
    const found = fixture.find('victim');
    return found?.status === 'ready' && found.pid !== pid;
  });
  assert.equal(fixture.find('victim')?.lastExit?.signal, 'SIGKILL');
});

test('a crash loop waits longer each time, is given up in the end, and SIGHUP tries it again', async (t) => {
  const fixture = createFixture(t);
  fixture.write([
    {
      name: 'hopeless',
      script: 'date +%s%N >> attempts; exit 1',
      restart: { ...QUICK, minDelayMs: 10, maxDelayMs: 80, giveUpAfter: 4 },
    },
  ]);
  const supervisor = fixture.start();
  await untilStatus(fixture, 'hopeless', 'given-up');
  const times = fixture.read('attempts').map((line) => Number(line) / 1e6);
  assert.equal(times.length, 5);
  for (const [index, atLeast] of [10, 20, 40, 80].entries()) {
    assert.ok(times[index + 1]! - times[index]! >= atLeast, `pause ${index} was too short`);
  }
  supervisor.kill('SIGHUP');
  await until('five more attempts', () => fixture.read('attempts').length === 10);
});

test('a command that does not exist is told as the reason', async (t) => {
  const fixture = createFixture(t);
  fixture.write([{ name: 'missing', script: '', command: '/no/such/program', restart: { ...QUICK, giveUpAfter: 1 } }]);
  fixture.start();
  const { lastError } = await untilStatus(fixture, 'missing', 'given-up');
  assert.match(lastError ?? '', /ENOENT/);
});

test('several children are adopted at once, none is started a second time', async (t) => {
  const fixture = createFixture(t);
  const names = ['one', 'two', 'three'];
  fixture.write(names.map((name) => ({ name, script: `echo start >> ${name}.starts; exec sleep 100` })));
  const first = fixture.start();
  await Promise.all(names.map((name) => untilStatus(fixture, name, 'ready')));
  await until('all have written', () => names.every((name) => existsSync(join(fixture.folder, `${name}.starts`))));
  await end(first, 'SIGKILL');
  const second = fixture.start();
  await until('the second supervisor has written', () => fixture.state()?.pid === second.pid);
  await Promise.all(names.map((name) => untilStatus(fixture, name, 'ready')));
  assert.equal(findByVariable(SUPERVISED_BY, fixture.stateFile).length, 3);
  assert.deepEqual(
    names.flatMap((name) => fixture.read(`${name}.starts`)),
    ['start', 'start', 'start'],
  );
});

test('children outlive a killed supervisor and are adopted by the next, which restarts them when they die', async (t) => {
  const fixture = createFixture(t);
  fixture.write([{ name: 'survivor', script: 'echo start >> starts; exec sleep 100' }]);
  const first = fixture.start();
  const before = await untilStatus(fixture, 'survivor', 'ready');
  await until('it has written', () => fixture.read('starts').length === 1);
  await end(first, 'SIGKILL');
  assert.equal(startTimeOf(before.pid!), before.startTime);

  const second = fixture.start();
  await until('the second supervisor has written', () => fixture.state()?.pid === second.pid);
  const adopted = await untilStatus(fixture, 'survivor', 'ready');
  assert.equal(adopted.pid, before.pid);
  assert.deepEqual(fixture.read('starts'), ['start']);

  process.kill(adopted.pid!, 'SIGKILL');
  await until('it was started again', () => fixture.find('survivor')?.restarts === 1);
  await until('it writes again', () => fixture.read('starts').length === 2);
});

test('a child that no state file tells of is ended, not left as an orphan beside a second one', async (t) => {
  const fixture = createFixture(t);
  fixture.write([{ name: 'lost', script: 'exec sleep 100' }]);
  const first = fixture.start();
  const { pid } = await untilStatus(fixture, 'lost', 'ready');
  await end(first, 'SIGKILL');
  rmSync(fixture.stateFile);

  fixture.start();
  await untilStatus(fixture, 'lost', 'ready');
  assert.equal(isAlive(pid!) && startTimeOf(pid!) !== undefined, false);
  assert.equal(findByVariable(SUPERVISED_BY, fixture.stateFile).length, 1);
});

test('SIGHUP converges to a changed spec and leaves the unchanged alone', async (t) => {
  const fixture = createFixture(t);
  const idle = 'exec sleep 100';
  fixture.write([
    { name: 'same', script: idle },
    { name: 'changed', script: idle },
    { name: 'dropped', script: idle },
  ]);
  const supervisor = fixture.start();
  const [same, changed, dropped] = await Promise.all(
    ['same', 'changed', 'dropped'].map((name) => untilStatus(fixture, name, 'ready')),
  );
  fixture.write([
    { name: 'same', script: idle },
    { name: 'changed', script: 'exec sleep 101' },
    { name: 'added', script: idle },
  ]);
  supervisor.kill('SIGHUP');
  await untilStatus(fixture, 'added', 'ready');
  await untilStatus(fixture, 'changed', 'ready');
  assert.equal(fixture.find('same')?.pid, same?.pid);
  assert.notEqual(fixture.find('changed')?.pid, changed?.pid);
  assert.equal(fixture.find('dropped'), undefined);
  assert.equal(isAlive(dropped!.pid!) && startTimeOf(dropped!.pid!) !== undefined, false);
});

test('a broken spec on SIGHUP changes nothing', async (t) => {
  const fixture = createFixture(t);
  fixture.write([{ name: 'steady', script: 'exec sleep 100' }]);
  const supervisor = fixture.start();
  const { pid } = await untilStatus(fixture, 'steady', 'ready');
  writeFileSync(join(fixture.folder, 'spec.json'), '{ not json');
  supervisor.kill('SIGHUP');
  // The restart of a killed child shows that the supervisor has lived through the signal.
  process.kill(pid!, 'SIGKILL');
  await until('it was started again', () => fixture.find('steady')?.restarts === 1);
});

test('a process that ignores SIGTERM is killed after its deadline', async (t) => {
  const fixture = createFixture(t);
  fixture.write([{ name: 'stubborn', script: "trap '' TERM; while :; do sleep 0.02; done", stopDeadlineMs: 100 }]);
  const supervisor = fixture.start();
  await untilStatus(fixture, 'stubborn', 'ready');
  assert.equal(await end(supervisor, 'SIGTERM'), 0);
  assert.deepEqual(findByVariable(SUPERVISED_BY, fixture.stateFile), []);
});

test('a process that has never been ready is not waited for long', async (t) => {
  const fixture = createFixture(t);
  fixture.write([
    { name: 'starting', script: "trap '' TERM; touch there; while :; do sleep 0.02; done", readyPort: 1 },
  ]);
  const supervisor = fixture.start();
  await until('it ignores SIGTERM', () => existsSync(join(fixture.folder, 'there')));
  const start = performance.now();
  assert.equal(await end(supervisor, 'SIGTERM'), 0);
  // Its own deadline is twelve seconds.
  assert.ok(performance.now() - start < 10_000);
  assert.deepEqual(findByVariable(SUPERVISED_BY, fixture.stateFile), []);
});

test('a second supervisor for the same state leaves the first alone', async (t) => {
  const fixture = createFixture(t);
  fixture.write([{ name: 'only', script: 'exec sleep 100' }]);
  fixture.start();
  const { pid } = await untilStatus(fixture, 'only', 'ready');
  const second = fixture.start();
  const [code] = await once(second, 'exit');
  assert.equal(code, 1);
  assert.equal(fixture.find('only')?.pid, pid);
});
