import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  controlSocket,
  endArguments,
  quoteForShell,
  remoteCommand,
  type SshTarget,
  sshArguments,
} from '../../../../src/tools/ssh.ts';

const TARGET: SshTarget = {
  ...{ address: '192.0.2.7', port: 2222, user: 'deploy', identityFile: '/keys/my "key" 100%' },
  ...{ knownHosts: '/home/a b/known_hosts', controlFolder: '/tmp/c' },
};

suite('arguments of ssh', () => {
  test('never a password, never an agent, a list of hosts of its own, a bounded wait', () => {
    const args = sshArguments(TARGET, ['docker', 'ps', '--format', '{{.Names}} x']);
    const socket = controlSocket(TARGET);
    assert.deepEqual(
      args.filter((arg) => arg !== '-o'),
      [
        '-T',
        'BatchMode=yes',
        'ConnectTimeout=10',
        'StrictHostKeyChecking=accept-new',
        'UserKnownHostsFile="/home/a b/known_hosts"',
        'ServerAliveInterval=5',
        'ServerAliveCountMax=3',
        'ForwardAgent=no',
        'ClearAllForwardings=yes',
        'PermitLocalCommand=no',
        'IdentityFile="/keys/my \\"key\\" 100%%"',
        'IdentitiesOnly=yes',
        'ControlMaster=auto',
        'ControlPersist=30',
        `ControlPath="${socket}"`,
        'LogLevel=ERROR',
        ...['-l', 'deploy', '-p', '2222', '--', '192.0.2.7'],
        "docker ps --format '{{.Names}} x'",
      ],
    );
  });

  test('without a key of our own the choice is left to ssh', () => {
    const args = sshArguments({ ...TARGET, identityFile: null }, ['true']);
    assert.ok(!args.some((arg) => /^Identit/.test(arg)));
  });

  test('an address that looks like an option is none', () => {
    const args = sshArguments({ ...TARGET, address: '-oProxyCommand=x' }, ['true']);
    assert.equal(args[args.indexOf('--') + 1], '-oProxyCommand=x');
  });

  test('another key, port or list of hosts is another connection; a path that is too long is none', () => {
    const sockets = [{}, { port: 22 }, { identityFile: null }, { knownHosts: '/x' }].map((parts) =>
      controlSocket({ ...TARGET, ...parts }),
    );
    assert.equal(new Set(sockets).size, 4);
    const deep = { ...TARGET, controlFolder: `/tmp/${'x'.repeat(90)}` };
    assert.equal(controlSocket(deep), undefined);
    assert.equal(endArguments(deep), undefined);
    assert.ok(sshArguments(deep, ['true']).includes('ControlPath=none'));
  });

  test('a shell gives back every word as it was', () => {
    const word = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 50 }), (words) => {
        const script = remoteCommand(['printf', '%s\\0', ...words]);
        const printed = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
        assert.deepEqual(
          printed.split('\0').slice(0, -1),
          words.map((text) => Buffer.from(text).toString()),
        );
      }),
      { numRuns: 10 },
    );
    assert.equal(quoteForShell(''), "''");
    assert.throws(() => quoteForShell('a\0b'), RangeError);
  });
});
