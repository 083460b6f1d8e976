import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createRemote } from '../../../src/adapters/ssh/create-remote.ts';
import type { Remote, RemoteTarget } from '../../../src/adapters/ssh/remote.ts';
import { OmsError } from '../../../src/errors.ts';
import { startShouter } from '../../helpers/shouter.ts';
import { newKey, type SshServer, startSshServer, unpackSshd } from '../../helpers/ssh-server.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

const ended: (() => void)[] = [];
const here = { after: (end: () => void) => ended.push(end) } as unknown as TestContext;
const folder = tempFolder(here);
const found = await unpackSshd(join(folder, 'debian'));

/** Ends with this test at the latest. */
const ENDLESS = ['tail', `--pid=${process.pid}`, '-f', '/dev/null'];

/** What a call that must fail says. */
async function failure(call: Promise<unknown>): Promise<OmsError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof OmsError, String(error));
  return error;
}

if (typeof found === 'string') {
  test('a real sshd: not run, Debian has none to unpack here', (t) => t.diagnostic(found));
  for (const end of ended) end();
} else {
  suite('commands on a server, through a real sshd', () => {
    let server: SshServer;
    let target: RemoteTarget;
    let remote: Remote;

    before(async () => {
      server = await startSshServer(here, folder, found);
      target = server.target;
      remote = createRemote();
    });
    after(async () => {
      await remote.close();
      for (const end of ended.reverse()) end();
    });

    test("code, stdout and stderr are the command's own, and input arrives through stdin", async () => {
      const argv = ['sh', '-c', 'cat; echo no >&2; exit 3'];
      const outcome = await remote.run(target, argv, { input: 'a\nb' });
      assert.deepEqual(outcome, { code: 3, stdout: 'a\nb', stderr: 'no\n' });
    });

    test('any argument arrives as it is', async () => {
      const word = fc.string({
        unit: fc.constantFrom(...'ab \'"\\$`!*?~#;&|<>(){}[]\n\t=%-é☃'.split('')),
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 100 }), async (words) => {
          const { stdout } = await remote.run(target, ['printf', '%s\\0', ...words]);
          assert.deepEqual(stdout.split('\0').slice(0, -1), words);
        }),
        { numRuns: 5 },
      );
    });

    test('any bytes arrive through stdin', async () => {
      const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 256);
      const { stdout } = await remote.run(target, ['sha256sum'], { input: bytes });
      const { createHash } = await import('node:crypto');
      assert.equal(stdout.split(' ')[0], createHash('sha256').update(bytes).digest('hex'));
    });

    test('all commands share one connection, until it is closed', async () => {
      await remote.run(target, ['true']);
      const before = server.connections;
      await Promise.all(Array.from({ length: 5 }, () => remote.run(target, ['true'])));
      assert.equal(server.connections, before);
      await remote.close();
      await remote.run(target, ['true']);
      assert.equal(server.connections, before + 1);
    });

    test('a file is streamed into a command, with its progress', async () => {
      const file = join(folder, 'archive');
      writeFileSync(file, Buffer.alloc(700_000, 'x'));
      const told: number[] = [];
      const { signal } = new AbortController();
      const { stdout } = await remote.send(target, file, ['wc', '-c'], { signal, onProgress: (n) => told.push(n) });
      assert.equal(stdout.trim(), '700000');
      assert.equal(told.at(-1), 700_000);
    });

    test('a command that does not read what it is sent ends as it will', async () => {
      const { signal } = new AbortController();
      const { code } = await remote.send(target, join(folder, 'archive'), ['sh', '-c', 'exit 4'], { signal });
      assert.equal(code, 4);
    });

    test('lines come while the command runs, and the command ends with the one who reads them', async () => {
      const stop = new AbortController();
      const lines: string[] = [];
      const pidFile = join(folder, 'followed');
      const script = 'echo $$ > "$1"; echo one; echo two; exec tail --pid="$2" -f /dev/null';
      const followed = remote.follow(target, ['sh', '-c', script, 'sh', pidFile, String(process.pid)], {
        onLine: (line) => lines.push(line),
        signal: stop.signal,
      });
      await until('two lines', () => lines.length === 2);
      assert.deepEqual(lines, ['one', 'two']);
      stop.abort();
      await followed;
      const pid = readFileSync(pidFile, 'utf8').trim();
      await until('the command is gone', () => !runs(pid));
    });

    test('a command that is too slow is given up, with what to do', async () => {
      const error = await failure(remote.run(target, ENDLESS, { timeoutMs: 300 }));
      assert.equal(error.code, 'host_unreachable');
      assert.match(error.why ?? '', /within 0\.3 s/);
    });

    test('an abort ends a command with the reason of the signal', async () => {
      const stop = new AbortController();
      const running = remote.run(target, ENDLESS, { signal: stop.signal });
      stop.abort(new OmsError('interrupted', 'interrupted by SIGINT'));
      assert.equal((await failure(running)).code, 'interrupted');
    });

    test('a key the server does not know is named', async () => {
      const error = await failure(remote.run({ ...target, identityFile: newKey(folder, 'stranger') }, ['true']));
      assert.equal(error.code, 'host_unreachable');
      assert.match(error.why ?? '', /does not let .* in; offered: .*stranger ED25519 SHA256:/);
    });

    test('a key file that is not there, and one that others may read, are told apart', async () => {
      const missing = await failure(remote.run({ ...target, identityFile: join(folder, 'nothing') }, ['true']));
      assert.match(missing.why ?? '', /there is no private key .*nothing/);
      const open = join(folder, 'open');
      copyFileSync(target.identityFile!, open);
      chmodSync(open, 0o644);
      const error = await failure(remote.run({ ...target, identityFile: open }, ['true']));
      assert.deepEqual(error.next, [`chmod 600 ${open}`]);
    });

    test('a refused port and an unknown name', async () => {
      const refused = await failure(remote.run({ ...target, port: 1 }, ['true']));
      assert.match(refused.why ?? '', /nothing listens on port 1/);
      const unknown = await failure(remote.run({ ...target, address: 'shop.invalid' }, ['true']));
      assert.match(unknown.why ?? '', /the name shop\.invalid is not known/);
    });

    test('a port that the server reaches is a port of this machine, until it is closed', async (t) => {
      const shouter = await startShouter(t);
      const forward = await remote.forward(target, { host: '127.0.0.1', port: shouter.port });
      t.after(() => forward.close());
      const connections = server.connections;
      const said = await Promise.all(['a', 'b'.repeat(300_000)].map((word) => say(forward.port, word)));
      assert.deepEqual(said, ['A', 'B'.repeat(300_000)]);
      assert.equal(forward.failure(), undefined);
      assert.ok(server.connections - connections <= 1, 'they share the connection of commands');
      await forward.close();
      assert.equal(shouter.open(), 0);
      await assert.rejects(say(forward.port, 'a'), { code: 'ECONNREFUSED' });
    });

    test('a client that stays is cut off when the forward is closed', async (t) => {
      const shouter = await startShouter(t);
      const forward = await remote.forward(target, { host: '127.0.0.1', port: shouter.port });
      const client = connect({ port: forward.port, host: '127.0.0.1' }).on('error', () => undefined);
      const gone = new Promise((resolve) => client.once('close', resolve));
      await until('it is carried', () => shouter.open() === 1);
      await Promise.all([forward.close(), gone]);
      await until('the server has seen it', () => shouter.open() === 0);
    });

    test('a port where nobody answers there ends the connection, and why is kept', async () => {
      for (const shared of [target, { ...target, controlFolder: join(folder, 'long'.repeat(30)) }]) {
        const forward = await remote.forward(shared, { host: '127.0.0.1', port: 1 });
        assert.equal(await say(forward.port, 'a').catch(() => ''), '');
        await until('ssh has said why', () => forward.failure() !== undefined);
        assert.match(forward.failure() ?? '', /refused|forwarding failed/i);
        await forward.close();
      }
    });

    test('another host key stops everything, and says how to look and how to accept it', async () => {
      await remote.run(target, ['true']);
      await remote.close();
      server.changeHostKey();
      const error = await failure(remote.run(target, ['true']));
      assert.match(error.why ?? '', /ED25519 key is another one than before \(now SHA256:/);
      assert.match(error.next.at(-1) ?? '', /ssh-keygen -R '\[127\.0\.0\.1\]:\d+' -f/);
      const { execFileSync } = await import('node:child_process');
      execFileSync('sh', ['-c', error.next.at(-1)!.replace(/^[^:]*: /, '')], { stdio: 'ignore' });
      assert.equal((await remote.run(target, ['true'])).code, 0);
    });
  });
}

/** What comes back until the other side ends. */
async function say(port: number, word: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(word);
  return text(socket);
}

/** Zombies count as gone. */
function runs(pid: string): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, 'utf8'));
}
