import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { playFailure } from '../../../../src/tools/ansible-failures.ts';

const failed = (said: { message?: string; stderr?: string; outcome?: string }) =>
  playFailure([{ task: 'Install what is missing', host: 'shop-1', outcome: 'failed', ...said }]);

suite('what a failed task means', () => {
  const cases: [string, Parameters<typeof failed>[0], string, RegExp][] = [
    [
      'a server that is away',
      { outcome: 'unreachable', message: 'Failed to connect: refused' },
      'host_unreachable',
      /reached/,
    ],
    ['a sudo that asks', { message: 'Missing sudo password' }, 'deploy_failed', /sudo asks for a password/],
    ['an account without sudo', { stderr: 'bob is not in the sudoers file.' }, 'deploy_failed', /may not become root/],
    ['no Python', { stderr: '/bin/sh: 1: /usr/bin/python3: not found' }, 'deploy_failed', /has no Python/],
    ['a full disk', { stderr: 'tar: write: No space left on device' }, 'disk', /disk is full/],
    [
      'no Docker',
      { stderr: 'Cannot connect to the Docker daemon at unix:///x' },
      'deploy_failed',
      /Docker does not answer/,
    ],
    [
      'a port that is taken',
      { stderr: 'Bind for 0.0.0.0:80 failed: port is already allocated' },
      'deploy_failed',
      /is taken/,
    ],
    [
      'an image that is nowhere',
      { stderr: 'lookup registry-1.docker.io: no such host' },
      'deploy_failed',
      /cannot be had/,
    ],
    ['a failed gate', { stderr: 'container oms-web2-1 is unhealthy' }, 'deploy_failed', /does not become healthy/],
  ];
  for (const [name, said, code, message] of cases) {
    test(name, () => {
      const error = failed(said);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.message, /shop-1/);
      assert.ok(error.next.length > 0);
    });
  }

  test('a container that is not well: which, how, and what it wrote, whatever that sounds like', () => {
    const ending = 'container oms-producer-b-1 exits with code 1, 3 restarts';
    const error = failed({ message: `${ending}\nThe last that it wrote:\nno such host: No space left on device` });
    assert.equal(error.message, 'shop-1: a service of the new release does not become healthy');
    assert.equal(error.why, ending);
    assert.match(error.original!, /Install what is missing\ncontainer .*\n.*\nno such host/);
  });

  test('anything else: the task, and the last line it said', () => {
    const error = failed({ message: 'non-zero return code', stderr: 'first\nlast\n' });
    assert.equal(error.message, 'shop-1: "Install what is missing" failed');
    assert.equal(error.why, 'last');
    assert.match(error.original!, /first\nlast/);
  });

  test('without any task', () => {
    assert.equal(playFailure([]).code, 'deploy_failed');
  });
});
