import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findVersion } from '../../../../../src/adapters/exec/find-version.ts';
import { run } from '../../../../../src/adapters/exec/run.ts';

const sh = (script: string, more: object = {}) => run({ file: '/bin/sh', args: ['-c', script], ...more });

suite('running a command', () => {
  test('its output, its input and its environment', async () => {
    const { stdout, stderr } = await sh('read line; echo "$line $OMS_MARK"; echo note >&2', {
      input: 'hello\n',
      env: { OMS_MARK: 'there' },
    });
    assert.deepEqual({ stdout, stderr }, { stdout: 'hello there', stderr: 'note' });
  });

  test('a failure quotes the end of what it said, and never its arguments', async () => {
    await assert.rejects(sh('for i in 1 2 3 4; do echo "reason $i" >&2; done; exit 7 # secret'), {
      name: 'CommandFailed',
      message: 'sh ended with exit code 7: reason 2; reason 3; reason 4',
      exitCode: 7,
    });
  });

  test('a program that is not there is a failure too', async () => {
    await assert.rejects(run({ file: '/no/such/program', args: [] }), { name: 'CommandFailed', exitCode: undefined });
  });

  test('the signal ends it', async () => {
    const abort = new AbortController();
    const running = sh('exec sleep 100', { signal: abort.signal });
    abort.abort();
    await assert.rejects(running);
  });

  test('a version, or nothing', async () => {
    assert.equal(
      await findVersion({ command: process.execPath, versionArguments: ['--version'] }),
      process.versions.node,
    );
    assert.equal(await findVersion({ command: '/no/such/program', versionArguments: [] }), undefined);
  });
});
