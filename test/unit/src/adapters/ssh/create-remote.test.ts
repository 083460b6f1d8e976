import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite, type TestContext, test } from 'node:test';
import { createRemote } from '../../../../../src/adapters/ssh/create-remote.ts';
import type { RemoteTarget } from '../../../../../src/adapters/ssh/remote.ts';
import { OmsError } from '../../../../../src/errors.ts';
import { setEnvironment } from '../../../../helpers/set-environment.ts';
import { startShouter } from '../../../../helpers/shouter.ts';
import { withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

/** What ssh and sudo say, and what it has to be told as. */
const FAILURES: [said: string, code: number, why: RegExp][] = [
  ['ssh: connect to host 192.0.2.7 port 22: Connection refused', 255, /nothing listens on port 22 of 192\.0\.2\.7/],
  ['ssh: connect to host 192.0.2.7 port 22: Connection timed out', 255, /does not answer on port 22/],
  ['Connection timed out during banner exchange', 255, /does not answer on port 22/],
  ['Timeout, server 192.0.2.7 not responding.', 255, /does not answer/],
  ['ssh: Could not resolve hostname shop-1: Name or service not known', 255, /the name 192\.0\.2\.7 is not known/],
  ['ssh: connect to host 192.0.2.7 port 22: No route to host', 255, /there is no way to/],
  ['Host key verification failed.', 255, /its host key could not be checked/],
  ['kex_exchange_identification: Connection closed by remote host', 255, /the server closed the connection/],
  ['client_loop: send disconnect: Broken pipe', 255, /the server closed the connection/],
  ['/root/.ssh/config: line 3: Bad configuration option: foo', 255, /ssh does not take its configuration: .*foo/],
  ['Load key "/keys/id": error in libcrypto\ndeploy@192.0.2.7: Permission denied (publickey).', 255, /cannot be used/],
  ['something new', 255, /ssh says: something new/],
  ['', 255, /ended without saying why/],
  ['sudo: a password is required', 1, /sudo asks deploy for a password/],
  ['deploy is not in the sudoers file.', 1, /deploy may not use sudo/],
  ['sh: 1: sudo: not found', 127, /there is no sudo on the server/],
];

function setUp(t: TestContext, ssh: string) {
  const folder = tempFolder(t);
  withPrograms(t, { ssh: `echo "$*" >> "$FAKE_SSH_CALLS"\n${ssh}` });
  const calls = join(folder, 'calls');
  setEnvironment(t, { FAKE_SSH_CALLS: calls });
  const target: RemoteTarget = {
    ...{ name: 'shop-1', connection: 'ssh', address: '192.0.2.7', port: 22, user: 'deploy', identityFile: null },
    ...{ knownHosts: join(folder, 'site', 'known_hosts'), controlFolder: join(folder, 'c') },
  };
  return { folder, target, calls: () => readFileSync(calls, 'utf8').trim().split('\n'), remote: createRemote() };
}

const failure = (call: Promise<unknown>) =>
  call.then(
    () => assert.fail('it should have failed'),
    (error: unknown) => {
      assert.ok(error instanceof OmsError, String(error));
      return error;
    },
  );

suite('what ssh cannot do', () => {
  for (const [said, code, why] of FAILURES) {
    test(`${said || 'nothing'} is told as ${why.source}`, async (t) => {
      const { remote, target } = setUp(t, `cat >&2 <<'END'\n${said}\nEND\nexit ${code}`);
      const error = await failure(remote.run(target, ['true'], { root: true }));
      assert.equal(error.code, 'host_unreachable');
      assert.match(error.why ?? '', why);
      assert.ok(error.next.length > 0);
    });
  }

  test('which keys were offered is asked for once', async (t) => {
    const offered = 'debug1: Offering public key: /home/a/.ssh/id_ed25519 ED25519 SHA256:abc agent';
    const denied = 'deploy@192.0.2.7: Permission denied (publickey).';
    const { remote, target, calls } = setUp(
      t,
      `case "$*" in *DEBUG1*) echo "${offered}" >&2;; esac; echo "${denied}" >&2; exit 255`,
    );
    const error = await failure(remote.run(target, ['true']));
    assert.equal(error.why, 'the server does not let deploy in; offered: /home/a/.ssh/id_ed25519 ED25519 SHA256:abc');
    assert.equal(error.original, denied);
    assert.equal(calls().length, 2);
  });

  test('there is no ssh', async (t) => {
    const { remote, target, folder } = setUp(t, 'exit 0');
    setEnvironment(t, { PATH: folder });
    assert.equal((await failure(remote.run(target, ['true']))).code, 'tool_missing');
  });

  test('what a command itself fails with is its own', async (t) => {
    const { remote, target } = setUp(t, 'echo "Connection refused" >&2; exit 7');
    assert.equal((await remote.run(target, ['true'])).code, 7);
  });

  test('a folder of connections that others may enter is not used', async (t) => {
    const { remote, target } = setUp(t, 'exit 0');
    mkdirSync(target.controlFolder);
    chmodSync(target.controlFolder, 0o755);
    assert.equal((await failure(remote.run(target, ['true']))).code, 'refused');
  });

  test('root is asked of sudo, unless one is root already; shared connections are ended', async (t) => {
    const { remote, target, calls } = setUp(t, 'exit 0');
    await remote.run(target, ['id', '-u'], { root: true });
    await remote.run({ ...target, user: 'root' }, ['id', '-u'], { root: true });
    await remote.close();
    const [first = '', second = '', ...ends] = calls();
    assert.match(first, /-- 192\.0\.2\.7 sudo -n -- id -u$/);
    assert.match(second, /-- 192\.0\.2\.7 id -u$/);
    assert.equal(ends.filter((call) => call.startsWith('-O exit')).length, 2);
  });
});

suite('this machine as a server', () => {
  test('commands run directly, with input and their own code', async (t) => {
    const { target } = setUp(t, 'exit 9');
    const remote = createRemote();
    const here: RemoteTarget = { ...target, connection: 'local' };
    const argv = ['sh', '-c', 'cat; exit 3'];
    assert.deepEqual(await remote.run(here, argv, { input: 'x' }), { code: 3, stdout: 'x', stderr: '' });
    assert.equal((await remote.run(here, ['no-such-program'])).code, 127);
  });

  test('a port is passed on without ssh, and what refuses is told', async (t) => {
    const { target } = setUp(t, 'exit 9');
    const remote = createRemote();
    const here: RemoteTarget = { ...target, connection: 'local' };
    const shouter = await startShouter(t);
    const forward = await remote.forward(here, { host: '127.0.0.1', port: shouter.port });
    const socket = connect({ port: forward.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.end('hello');
    assert.equal(await text(socket), 'HELLO');
    await forward.close();
    const nowhere = await remote.forward(here, { host: '127.0.0.1', port: 1 });
    const lost = connect({ port: nowhere.port, host: '127.0.0.1' });
    await text(lost).catch(() => '');
    await nowhere.close();
    assert.match(nowhere.failure() ?? '', /ECONNREFUSED/);
  });
});
