import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { assertWell, FIRST, type Server, setUp } from '../../helpers/release-plays.ts';

async function deployFirst(server: Server): Promise<void> {
  const prepare = await server.play('prepare', FIRST);
  assertWell(prepare);
  assert.deepEqual(prepare.docker, [
    'pull node:24.0.0-slim',
    'build oms-app:111111111111',
    'pull mysql:8.4.10',
    'up mysql hub blobs',
    'run setup node setup.js expand',
    'up producer-a*2 consumer-a*2',
  ]);
  const finish = await server.play('finish', FIRST);
  assertWell(finish);
  assert.deepEqual(finish.docker, [
    'reads? consumer-a',
    'up sandbox notifier',
    'up pages1 pages2 web1 web2 web3',
    'up traefik',
    'run setup node setup.js contract',
  ]);
  const { release, previous, colours } = server.state();
  assert.deepEqual(
    { release, previous, colours },
    { release: 'r-111111111111', previous: null, colours: FIRST.colours },
  );
  assert.doesNotMatch(JSON.stringify([prepare, finish]), /canary-5e1f/);
}

function assertSecretsAreHidden({ home }: Server): void {
  const file = join(home, 'secrets/mysql-app-url');
  const asRoot = process.getuid?.() === 0;
  assert.equal(statSync(file).mode & 0o777, asRoot ? 0o400 : 0o444);
  if (asRoot) assert.equal(statSync(file).uid, 10_001);
  assert.equal(statSync(join(home, 'secrets')).mode & 0o777, 0o700);
}

async function deployAgain(server: Server): Promise<void> {
  for (const name of ['prepare', 'finish'] as const) {
    const { recap, results, docker } = await server.play(name, { ...FIRST, previous: FIRST.id, before: FIRST.colours });
    assert.equal(recap.changed, 0, JSON.stringify(results.filter(({ outcome }) => outcome === 'changed')));
    assert.deepEqual(docker, name === 'prepare' ? ['run setup node setup.js expand'] : ['reads? consumer-a']);
  }
}

suite('the order in which the first release comes', () => {
  test('an empty server', async (t) => {
    const server = await setUp(t);
    if (!server) return;
    await t.test(
      'first data, schema and order API; then pages and web servers, which serve nobody yet; the proxy last',
      () => deployFirst(server),
    );
    await t.test('secrets lie where their readers alone find them', () => assertSecretsAreHidden(server));
    await t.test('the same release again changes nothing', () => deployAgain(server));
  });
});
