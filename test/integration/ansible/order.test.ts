import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { realAnsible } from '../../helpers/real-ansible.ts';
import { hashIn, siteOnThisMachine, type TestPlay, type TestRelease } from '../../helpers/site-on-this-machine.ts';

const FIRST: TestRelease = { id: '111111111111', previous: null, colours: { producer: 'a', consumer: 'a' } };
const APP = ['setup', 'producer-b', 'consumer-b', 'producer-a', 'consumer-a', 'pages1', 'pages2'];
const SECOND: TestRelease = {
  id: '222222222222',
  previous: FIRST.id,
  colours: { producer: 'b', consumer: 'b' },
  changed: [...APP, 'web1', 'web2', 'web3', 'notifier'],
};

const replaced = (web: string) => [`exec ${web} sh -c touch /tmp/drain && sleep 0.1`, `up ${web}`];

function assertWell({ recap, results }: TestPlay): void {
  assert.deepEqual(recap.failed, []);
  assert.ok(results.length > 0);
}

const failedTasks = ({ recap }: TestPlay) => recap.failed.map(({ host, task }) => `${host}: ${task}`);

async function setUp(t: TestContext) {
  const engine = await realAnsible(t);
  return engine && siteOnThisMachine(t, engine);
}

type Server = NonNullable<Awaited<ReturnType<typeof setUp>>>;

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
    'up pages1',
    'up pages2',
    'up web1',
    'up web2',
    'up web3',
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
    const { recap, results, docker } = await server.play(name, { ...FIRST, previous: FIRST.id });
    assert.equal(recap.changed, 0, JSON.stringify(results.filter(({ outcome }) => outcome === 'changed')));
    assert.deepEqual(docker, name === 'prepare' ? ['run setup node setup.js expand'] : ['reads? consumer-a']);
  }
}

/** A web server of the second release never becomes healthy: nothing after it is touched, and all of the first comes back. */
async function breakAndGoBack(server: Server): Promise<void> {
  const prepare = await server.play('prepare', SECOND);
  assertWell(prepare);
  assert.deepEqual(prepare.docker, [
    'build oms-app:222222222222',
    'run setup node setup.js expand',
    'up producer-b*2 consumer-b*2',
  ]);
  server.shift('b');
  server.docker.unhealthy(`web2 ${hashIn(SECOND, 'web2')}`);
  const finish = await server.play('finish', SECOND);
  assert.equal(finish.docker.at(-1), 'up web2');
  assert.deepEqual(failedTasks(finish), ['shop-1: Replace and wait for web2']);
  assert.equal(server.state().release, 'r-111111111111');
  assert.equal(server.read('traefik/dynamic/routes.yml'), 'to: b, by the shift\n');

  server.docker.unhealthy();
  const back = await server.play('rollback', SECOND);
  assertWell(back);
  assert.deepEqual(back.docker, [
    'up consumer-a*2',
    ...['up pages1', 'up pages2', ...replaced('web1'), ...replaced('web2')],
    ...['rm consumer-b', 'reads? consumer-a', 'up notifier', 'rm producer-b'],
  ]);
  assert.equal(server.read('traefik/dynamic/routes.yml'), 'to: a\n');
  const running = server.docker.running();
  assert.ok(!running.some((name) => name.endsWith('-b')));
  const before = ['mysql', 'producer-a', 'consumer-a', 'notifier', 'pages1', 'web1', 'web2', 'web3', 'traefik'];
  assert.deepEqual(
    before.filter((name) => !running.includes(name)),
    [],
  );
}

/** Consumers that read nothing stop it; the same release goes on from there once they do. */
async function stopAndGoOn(server: Server): Promise<void> {
  assertWell(await server.play('prepare', SECOND));
  server.shift('b');
  server.docker.reading(false);
  const stopped = await server.play('finish', SECOND);
  assert.deepEqual(failedTasks(stopped), ['shop-1: Wait until the consumers of this release read']);
  assert.ok(!stopped.docker.some((call) => call.startsWith('up')));
  server.docker.reading(true);
  const finish = await server.play('finish', SECOND);
  assertWell(finish);
  assert.deepEqual(finish.docker, [
    ...['reads? consumer-b', 'up notifier', 'up pages1', 'up pages2'],
    ...['web1', 'web2', 'web3'].flatMap(replaced),
    ...['rm producer-a', 'run setup node setup.js contract'],
  ]);
  assert.equal(server.state().previous, 'r-111111111111');
  assert.equal(server.read('traefik/dynamic/routes.yml'), 'to: b, by the shift\n');
  assert.ok(!existsSync(join(server.home, 'traefik/before')));
  assert.deepEqual(readdirSync(join(server.home, 'releases')).sort(), ['r-111111111111', 'r-222222222222']);
}

suite('the order in which releases come and go', () => {
  test('a server through its releases', async (t) => {
    const server = await setUp(t);
    if (!server) return;
    await t.test('first data, schema and order API; then web servers one by one; the proxy last', () =>
      deployFirst(server),
    );
    await t.test('secrets lie where their readers alone find them', () => assertSecretsAreHidden(server));
    await t.test('the same release again changes nothing', () => deployAgain(server));
    await t.test('a release that breaks off goes back to the one of before', () => breakAndGoBack(server));
    await t.test('one that was stopped goes on: drain before replace, the old colour last', () => stopAndGoOn(server));
  });

  test('a first deployment that fails is taken down again, its data kept', async (t) => {
    const server = await setUp(t);
    if (!server) return;
    server.docker.unhealthy(`mysql ${hashIn(FIRST, 'mysql')}`);
    const failed = await server.play('prepare', FIRST);
    assert.equal(failed.docker.at(-1), 'up mysql hub blobs');
    const back = await server.play('rollback', FIRST);
    assertWell(back);
    assert.deepEqual(back.docker, ['down']);
    assert.deepEqual(server.docker.running(), []);
  });
});
