import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { isAlive } from '../../../../../lib/runtime/process-identity.ts';
import { type StreamedCommand, stream } from '../../../../../src/adapters/exec/stream.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';

function run(t: TestContext, script: string, more: Partial<StreamedCommand> = {}) {
  const lines: string[] = [];
  const scratch = more.scratch ?? tempFolder(t);
  const ended = stream({
    file: '/bin/sh',
    args: ['-c', script],
    scratch,
    signal: new AbortController().signal,
    onLine: (line) => lines.push(line),
    ...more,
  });
  return { lines, scratch, ended };
}

suite('a command that is read as it goes', () => {
  test('every line, the last one without its end too; the end of stderr; the exit code', async (t) => {
    const { lines, ended, scratch } = run(t, 'printf "one\\ntwo\\n\\nlast"; echo sorry >&2; exit 3');
    const end = await ended;
    assert.deepEqual(lines, ['one', 'two', 'last']);
    assert.deepEqual([end.exitCode, end.said, end.notFound], [3, 'sorry\n', false]);
    assert.deepEqual(readdirSync(scratch), []);
  });

  test('lines come while it runs', async (t) => {
    const gate = join(tempFolder(t), 'gate');
    const { lines, ended } = run(t, `echo early; while [ ! -e ${gate} ]; do sleep 0.02; done; echo late`);
    await until('the early line', () => lines.length === 1);
    writeFileSync(gate, '');
    await ended;
    assert.deepEqual(lines, ['early', 'late']);
  });

  test('a line of 64 MB is dropped and counted, and is never held', async (t) => {
    const before = process.memoryUsage().rss;
    const script = 'echo first; head -c 64000000 /dev/zero; echo; echo after';
    const { lines, ended } = run(t, script, { maxLineBytes: 1_000, maxOutputBytes: 1 << 30 });
    const { droppedLines } = await ended;
    assert.deepEqual([lines, droppedLines], [['first', 'after'], 1]);
    assert.ok(process.memoryUsage().rss - before < 40e6);
  });

  test('output without an end is asked to stop, and no longer kept on the disk', async (t) => {
    const { ended } = run(t, 'exec yes', { maxOutputBytes: 1 << 20 });
    const { overflowed, endedBy } = await ended;
    assert.deepEqual([overflowed, endedBy], [true, 'SIGINT']);
  });

  test('only the end of a long stderr is kept', async (t) => {
    const { said } = await run(t, 'head -c 5000000 /dev/zero | tr "\\0" x >&2; echo end >&2').ended;
    assert.equal(said.length, 16_384);
    assert.ok(said.endsWith('xend\n'));
  });

  test('a program that is not there is told apart', async (t) => {
    const { notFound, exitCode } = await run(t, '', { file: '/no/such/program' }).ended;
    assert.deepEqual([notFound, exitCode], [true, undefined]);
  });

  test('a listener that throws ends the command; what it threw comes out', async (t) => {
    let calls = 0;
    const onLine = () => {
      calls++;
      throw new Error('enough');
    };
    await assert.rejects(run(t, 'echo one; echo two; exec sleep 100', { onLine }).ended, { message: 'enough' });
    assert.equal(calls, 1);
  });

  test('one that throws at the start does so as well: nothing is left running unwatched', async (t) => {
    let started = 0;
    const onStart = (pid: number) => {
      started = pid;
      throw new Error('no room');
    };
    await assert.rejects(run(t, 'exec sleep 100', { onStart }).ended, { message: 'no room' });
    assert.equal(isAlive(started), false);
  });

  test('the environment is what is not withheld, and what is added', async (t) => {
    process.env.OMS_TEST_SECRET = 'hidden';
    t.after(() => delete process.env.OMS_TEST_SECRET);
    const { lines, ended } = run(t, 'echo "$OMS_TEST_SECRET,$ADDED,$PATH"', {
      withhold: (name) => name.startsWith('OMS_TEST_'),
      env: { ADDED: 'yes' },
    });
    await ended;
    assert.deepEqual(lines, [`,yes,${process.env.PATH}`]);
  });
});

suite('stopping it', () => {
  const counting = (folder: string) =>
    `trap 'echo INT >> ${folder}/signals' INT; trap 'echo TERM >> ${folder}/signals' TERM
     echo ready; while [ ! -e ${folder}/go ]; do sleep 0.02; done; cat ${folder}/signals`;

  test('one SIGINT, and then patience', async (t) => {
    const folder = tempFolder(t);
    const abort = new AbortController();
    const { lines, ended } = run(t, counting(folder), { signal: abort.signal });
    await until('it to run', () => lines.includes('ready'));
    abort.abort();
    await until('the signal', () => existsSync(join(folder, 'signals')));
    writeFileSync(join(folder, 'go'), '');
    assert.equal((await ended).exitCode, 0);
    assert.deepEqual(lines, ['ready', 'INT']);
  });

  test('it leads a process group of its own', async (t) => {
    let pid = 0;
    const { lines, ended } = run(t, 'cut -d" " -f1,5 "/proc/$$/stat"', { onStart: (started) => (pid = started) });
    await ended;
    assert.deepEqual(lines[0]?.split(/\s+/).map(Number), [pid, pid]);
  });

  test('nothing is started once it is over', async (t) => {
    const signal = AbortSignal.abort(new Error('over'));
    const { ended, scratch } = run(t, 'echo started', { signal });
    await assert.rejects(ended, { message: 'over' });
    assert.deepEqual(readdirSync(scratch), []);
  });
});
