import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import {
  assertWell,
  FIRST,
  failedTasks,
  ROUTES,
  replaced,
  SECOND,
  type Server,
  setUp,
} from '../../helpers/release-plays.ts';
import { hashIn } from '../../helpers/site-on-this-machine.ts';

/** Consumers that read nothing stop it before anything is replaced; a web server that stays unhealthy does where it is. */
async function breakOff(server: Server): Promise<void> {
  const prepare = await server.play('prepare', SECOND);
  assertWell(prepare);
  assert.deepEqual(prepare.docker, [
    'build oms-app:222222222222',
    'run setup node setup.js expand',
    'up producer-b*2 consumer-b*2',
  ]);
  server.shift('b');
  server.docker.reading(false);
  const stopped = await server.play('finish', SECOND);
  assert.deepEqual(failedTasks(stopped), ['shop-1: Wait until the consumers of this release read']);
  assert.equal(stopped.docker[0], 'rm consumer-a');
  assert.ok(!stopped.docker.some((call) => call.startsWith('up')));

  server.docker.reading(true);
  server.docker.unhealthy(`web2 ${hashIn(SECOND, 'web2')}`);
  const finish = await server.play('finish', SECOND);
  assert.deepEqual(finish.docker, [
    ...['reads? consumer-b', 'up notifier', 'up pages1', 'up pages2'],
    ...[...replaced('web1'), ...replaced('web2')],
  ]);
  assert.deepEqual(failedTasks(finish), ['shop-1: Renew pages and web servers one by one']);
  assert.equal(server.state().release, 'r-111111111111');
  assert.equal(server.read(ROUTES), 'to: b, by the shift\n');
}

async function goBack(server: Server): Promise<void> {
  server.docker.unhealthy();
  // As if it had been written down here before another server failed.
  server.write('state.json', JSON.stringify({ ...server.state(), release: 'r-222222222222', colours: SECOND.colours }));
  const back = await server.play('rollback', SECOND);
  assertWell(back);
  assert.deepEqual(back.docker, [
    'up consumer-a*2',
    ...['up pages1', 'up pages2', ...replaced('web1'), ...replaced('web2')],
    ...['rm consumer-b', 'reads? consumer-a', 'up notifier', 'rm producer-b'],
  ]);
  assert.equal(server.read(ROUTES), 'to: a\n');
  assert.equal(statSync(join(server.home, 'traefik/dynamic')).mode & 0o777, 0o755);
  assert.ok(!existsSync(join(server.home, 'traefik/before')));
  const { release, colours } = server.state();
  assert.deepEqual({ release, colours }, { release: 'r-111111111111', colours: FIRST.colours });
  const running = server.docker.running();
  assert.ok(!running.some((name) => name.endsWith('-b')));
  const before = ['mysql', 'producer-a', 'consumer-a', 'notifier', 'pages1', 'web1', 'web2', 'web3', 'traefik'];
  assert.deepEqual(
    before.filter((name) => !running.includes(name)),
    [],
  );
}

/** Cut off while it drained the third web server, with another one not healthy yet and a service that is none any more. */
async function goOn(server: Server): Promise<void> {
  const once = ['mysql', 'hub', 'blobs', 'sandbox', 'notifier', 'pages1', 'pages2', 'web1', 'web2', 'web3', 'traefik'];
  const twice = ['producer-a', 'producer-b', 'consumer-b'];
  server.docker.runs(
    [...once, ...twice, ...twice, 'grafana'].map((service) => ({
      service,
      hash: hashIn(SECOND, service),
      ...(service === 'web2' && { status: 'Up 1 second (health: starting)' }),
      ...(service === 'web3' && { hash: hashIn(FIRST, service), status: 'Up 9 minutes (unhealthy)' }),
    })),
  );
  server.shift('b');
  const finish = await server.play('finish', SECOND);
  assertWell(finish);
  assert.deepEqual(
    finish.docker.map((call) => call.replace(/ c\d+$/, '')),
    [
      ...['reads? consumer-b', ...replaced('web2'), ...replaced('web3')],
      ...['rm producer-a', 'run setup node setup.js contract', 'stop', 'rm --force'],
    ],
  );
  assert.ok(!server.docker.running().includes('grafana'));
  assert.equal(server.state().previous, 'r-111111111111');
  assert.equal(server.read(ROUTES), 'to: b, by the shift\n');
  assert.deepEqual(readdirSync(join(server.home, 'releases')).sort(), ['r-111111111111', 'r-222222222222']);
}

suite('the order in which releases come and go', () => {
  test('a server through its releases', async (t) => {
    const server = await setUp(t);
    if (!server) return;
    server.deployed(FIRST);
    await t.test('a gate that does not open ends it there', () => breakOff(server));
    await t.test('the release of before comes back, the new one goes', () => goBack(server));
    await t.test('one that was cut off goes on: drain before replace, the old colour last', () => goOn(server));
  });

  test('a server on which nothing ran before is emptied, its data kept', async (t) => {
    const server = await setUp(t);
    if (!server) return;
    server.docker.runs([{ service: 'mysql', hash: hashIn(FIRST, 'mysql') }]);
    server.write('releases/r-111111111111/release.json', '{}');
    server.write('releases/r-111111111111/.env', '');
    server.write('state.json', JSON.stringify({ release: 'r-111111111111' }));
    // Others of the site have the release of before; this one came with the new one.
    const back = await server.play('rollback', { ...FIRST, previous: '000000000000', before: FIRST.colours });
    assertWell(back);
    assert.deepEqual(back.docker, ['down']);
    assert.deepEqual(server.docker.running(), []);
    assert.ok(!existsSync(join(server.home, 'state.json')));
  });
});
