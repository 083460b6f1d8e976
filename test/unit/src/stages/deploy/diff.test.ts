import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import type { Migration } from '../../../../../lib/database/migrations.ts';
import { DeployPlan } from '../../../../../src/stages/deploy/deploy-plan.ts';
import { type HostFacts, planDeployment } from '../../../../../src/stages/deploy/diff.ts';
import type { Release } from '../../../../../src/stages/deploy/release.ts';
import { serviceNamesOf } from '../../../../../src/stages/deploy/release-parts/compose-files.ts';
import type { ServiceName } from '../../../../../src/stages/deploy/services.ts';
import type { Site } from '../../../../../src/stages/deploy/site.ts';
import { testHost, testSite } from '../../../../helpers/sites.ts';

const site = testSite();
const split = testSite({
  hosts: [
    testHost('web-1', { address: '192.0.2.1', groups: ['web'] }),
    testHost('app-1', { address: '192.0.2.2', groups: ['app'] }),
    testHost('app-2', { address: '192.0.2.3', groups: ['app'] }),
    testHost('data-1', { address: '192.0.2.4', groups: ['data'] }),
  ],
});

const PART = { image: 'i', settings: 'a'.repeat(32), secrets: 'a'.repeat(32), files: 'a'.repeat(32) };
type Part = keyof typeof PART;

/** A release in which each named service differs in one part from the plain one. */
function release(
  of: Site,
  id: string,
  changed: Partial<Record<ServiceName, Part>> = {},
  rest: Partial<Release> = {},
): Release {
  const names = serviceNamesOf(of);
  const parts = names.map((name) => {
    const part = changed[name];
    return [name, part ? { ...PART, [part]: `${id} ${part}` } : PART] as const;
  });
  const services = names.map((name) => [name, changed[name] ? `${id}-${name}` : `same-${name}`]);
  return {
    ...{ version: 1, id, oms: '0.1.0', madeAt: '2026-11-21T00:00:00Z' },
    images: { app: 'oms-app:1', notifier: 'oms-notifier:1', hub: 'oms-hub:1', web: 'oms-web:1', mysql: 'mysql:8' },
    services: Object.fromEntries(services),
    parts: Object.fromEntries(parts),
    files: { 'traefik/traefik.yml': 'a', 'traefik/dynamic/routes.yml': 'a' },
    schema: { knows: 8, needs: 8, contracts: [] },
    replicas: of.replicas,
    ...rest,
  };
}

const OLD = 'r-aaaaaaaaaaaa';
const NEW = 'r-bbbbbbbbbbbb';

const facts = (
  host: string,
  running: Release,
  more: Partial<Extract<HostFacts, { unreachable: null }>> = {},
): HostFacts => ({
  host,
  unreachable: null,
  state: {
    ...{ version: 1, release: running.id, previous: null, colours: { producer: 'a', consumer: 'b' } },
    ...{ deployedAt: '2026-11-20T00:00:00Z', deployedBy: 'me@here' },
  },
  release: running,
  deploying: null,
  ...more,
});
const empty = (host: string): HostFacts => ({ host, unreachable: null, state: null, release: null, deploying: null });

const migration = (version: number, contract?: number): Migration => ({
  ...{ version, name: `00${version}.sql`, checksum: '', sql: '' },
  ...(contract === undefined ? { phase: 'expand' } : { phase: 'contract', after: contract }),
});

const planOf = (coming: Release, states: HostFacts[], more: Partial<Parameters<typeof planDeployment>[0]> = {}) => {
  const plan = planDeployment({ site, made: { release: coming, migrations: [] }, states, ...more });
  assert.ok(Check(DeployPlan, plan));
  return plan;
};
const of = (plan: DeployPlan, service: string) => plan.services.find((one) => one.service === service)!;
const changes = (plan: DeployPlan, ...which: string[]) =>
  plan.services.filter(({ change }) => which.includes(change)).map(({ service }) => service);

suite('a first deployment', () => {
  const plan = planOf(release(site, NEW), [empty('shop-1')], {
    made: { release: release(site, NEW), migrations: [migration(1), migration(2, 1)] },
  });

  test('brings everything, in colour a, without an interruption', () => {
    assert.equal(plan.services.length, changes(plan, 'new').length);
    assert.deepEqual(plan.colours, { producer: 'a', consumer: 'a' });
    assert.deepEqual([plan.running, plan.unchanged, plan.refused], [null, false, null]);
    assert.ok(plan.services.every(({ interruptionSeconds }) => interruptionSeconds === 0));
  });

  test('tells each service once, and both colours as one', () => {
    const names = plan.services.map(({ service }) => service);
    assert.deepEqual([...new Set(names)], names);
    assert.ok(names.includes('producer') && !names.includes('producer-a'));
  });

  test('builds and pulls all images, and runs all migrations', () => {
    const how = Object.fromEntries(plan.images.map((image) => [image.reference, image.how]));
    assert.deepEqual(how, {
      'oms-app:1': 'build',
      'oms-notifier:1': 'build',
      'oms-hub:1': 'build',
      'oms-web:1': 'build',
      'mysql:8': 'pull',
    });
    assert.deepEqual(plan.migrations, { expand: ['001.sql'], contract: ['002.sql'] });
  });

  test('from an archive loads them', () => {
    const loaded = planOf(release(site, NEW), [empty('shop-1')], { archive: true });
    assert.ok(loaded.images.every(({ how }) => how === 'load'));
  });
});

suite('a later one', () => {
  const before = release(site, OLD);

  test('of the same release changes nothing', () => {
    const plan = planOf(before, [facts('shop-1', before)]);
    assert.deepEqual(
      [plan.unchanged, plan.images, plan.files, plan.colours],
      [true, [], [], { producer: 'a', consumer: 'b' }],
    );
    assert.deepEqual(changes(plan, 'new', 'changed', 'goes'), []);
  });

  const reasons: [part: Part, why: string][] = [
    ['image', 'image'],
    ['settings', 'settings'],
    ['secrets', 'secret'],
    ['files', 'files'],
  ];
  for (const [part, why] of reasons) {
    test(`says that ${why} changed`, () => {
      const plan = planOf(release(site, NEW, { web2: part }), [facts('shop-1', before)]);
      assert.deepEqual(changes(plan, 'changed'), ['web2']);
      assert.deepEqual(of(plan, 'web2').why, [why]);
    });
  }

  test('takes the other colour for what changed, and keeps that of what did not', () => {
    const plan = planOf(release(site, NEW, { 'producer-a': 'image', 'producer-b': 'image' }), [
      facts('shop-1', before),
    ]);
    assert.deepEqual(plan.colours, { producer: 'b', consumer: 'b' });
    assert.deepEqual(of(plan, 'producer').colours, { from: 'a', to: 'b' });
    assert.deepEqual(of(plan, 'consumer').colours, { from: 'b', to: 'b' });
  });

  test('says what restarts, and for about how long', () => {
    const plan = planOf(release(site, NEW, { mysql: 'settings', web1: 'image' }), [facts('shop-1', before)]);
    assert.ok(of(plan, 'mysql').interruptionSeconds > 0);
    assert.equal(of(plan, 'web1').interruptionSeconds, 0);
  });

  test('with more replicas keeps the colour', () => {
    const more = { ...site, replicas: { producer: 3, consumer: 2 } };
    const plan = planOf(release(more, NEW), [facts('shop-1', before)], { site: more });
    assert.deepEqual([of(plan, 'producer').why, plan.colours.producer], [['replicas'], 'a']);
    assert.deepEqual(changes(plan, 'changed'), ['producer']);
  });

  test('takes away what the site has no longer', () => {
    const observed = testSite({ observability: true });
    const plan = planOf(release(site, NEW), [facts('shop-1', release(observed, OLD))]);
    assert.deepEqual(changes(plan, 'goes'), ['prometheus', 'grafana']);
    assert.equal(plan.unchanged, false);
  });

  test('that changes a watched file alone changes no container', () => {
    const files = { 'traefik/traefik.yml': 'a', 'traefik/dynamic/routes.yml': 'b' };
    const plan = planOf(release(site, NEW, {}, { files }), [facts('shop-1', before)]);
    assert.deepEqual(plan.files, [{ path: 'traefik/dynamic/routes.yml', change: 'changed' }]);
    assert.deepEqual([changes(plan, 'changed'), plan.unchanged], [[], false]);
  });

  test('runs what the release that runs does not know', () => {
    const coming = release(site, NEW, {}, { schema: { knows: 9, needs: 9 } });
    const made = { release: coming, migrations: [migration(8), migration(9)] };
    assert.deepEqual(planOf(coming, [facts('shop-1', before)], { made }).migrations, {
      expand: ['009.sql'],
      contract: [],
    });
  });

  test('is refused where it would take away what still runs', () => {
    const schema = { knows: 10, needs: 9, contracts: [{ version: 10, after: 9 }] };
    const plan = planOf(release(site, NEW, {}, { schema }), [facts('shop-1', before)]);
    assert.match(plan.refused!.why, /migration 010 removes what the release that runs still uses/);
  });

  test('believes the containers more than what was written down', () => {
    const running = { ...before.services, 'consumer-b': before.services['consumer-b']!, web3: 'by hand' };
    const plan = planOf(before, [facts('shop-1', before, { running })]);
    assert.deepEqual(changes(plan, 'changed'), ['web3']);
    const { web1: _, ...without } = before.services;
    assert.deepEqual(changes(planOf(before, [facts('shop-1', before, { running: without })]), 'new'), ['web1']);
  });

  test('goes on where one was cut off', () => {
    const deploying = { release: NEW, from: OLD, colours: { producer: 'b', consumer: 'b' } as const, phase: 'prepare' };
    const plan = planOf(before, [facts('shop-1', before, { deploying })]);
    assert.equal(plan.unchanged, false);
    assert.match(plan.notes.join(), /r-bbbbbbbbbbbb was cut off while it was at "prepare"/);
  });
});

suite('several servers', () => {
  const before = release(split, OLD);
  const states = split.hosts.map(({ name }) => facts(name, before));

  test('each service is on the servers of its group, and the sandbox on one of them', () => {
    const plan = planOf(before, states, { site: split });
    assert.deepEqual(of(plan, 'producer').hosts, ['app-1', 'app-2']);
    assert.deepEqual(of(plan, 'sandbox').hosts, ['app-1']);
    assert.deepEqual(of(plan, 'mysql').hosts, ['data-1']);
    assert.equal(plan.unchanged, true);
  });

  test('one that cannot be read is said to be, and planned for as if it were empty', () => {
    const unread = states.map((one) => (one.host === 'web-1' ? { host: 'web-1', unreachable: 'refused' } : one));
    const plan = planOf(before, unread, { site: split });
    assert.deepEqual(changes(plan, 'new'), ['pages1', 'pages2', 'web1', 'web2', 'web3', 'traefik']);
    assert.match(plan.notes.join(), /planned as if web-1 were empty: refused/);
    assert.equal(plan.running, OLD);
  });

  test('one that lags behind is brought along', () => {
    const older = release(split, 'r-cccccccccccc', { 'producer-a': 'image' });
    const mixed = states.map((one) => (one.host === 'app-2' ? facts('app-2', older) : one));
    const plan = planOf(before, mixed, { site: split });
    assert.equal(of(plan, 'producer').change, 'changed');
    assert.match(plan.notes.join(), /do not run the same release/);
  });

  test('--only leaves the others alone', () => {
    const coming = release(split, NEW, { web1: 'image', mysql: 'image', 'producer-a': 'image' });
    const group = planOf(coming, states, { site: split, only: ['web'] });
    assert.deepEqual(changes(group, 'changed'), ['web1']);
    assert.ok(changes(group, 'left alone').includes('mysql'));
    assert.deepEqual([group.colours.producer, group.refused], ['a', null], 'the colour that is left runs on');
    const server = planOf(coming, states, { site: split, only: ['app-2'] });
    assert.deepEqual(of(server, 'producer').hosts, ['app-2']);
    assert.deepEqual(changes(server, 'changed'), ['producer']);
  });

  test('--only is refused where customers would be sent to servers without the new colour, or nothing runs', () => {
    const coming = release(split, NEW, { 'producer-a': 'image' });
    const part = planOf(coming, states, { site: split, only: ['app-2'] });
    assert.match(part.refused?.why ?? '', /leaves app-1 with those of before/);
    assert.equal(part.refused?.next, 'oms deploy --env demo --only app');
    assert.equal(planOf(coming, states, { site: split, only: ['app'] }).refused, null);
    const bare = split.hosts.map(({ name }) => empty(name));
    const first = planOf(coming, bare, { site: split, only: ['web', 'app'] });
    assert.match(first.refused?.why ?? '', /nothing runs yet, and --only leaves out data-1/);
  });

  test('--only takes a server as a whole, whatever else it carries', () => {
    const coming = release(site, NEW, { web1: 'image', 'producer-a': 'image' });
    const plan = planOf(coming, [facts('shop-1', release(site, OLD))], { only: ['web'] });
    assert.deepEqual(changes(plan, 'changed'), ['producer', 'web1']);
    assert.deepEqual([plan.colours.producer, plan.refused], ['b', null]);
  });
});

test('whatever changed: exactly that is told, nothing else, and unchanged means nothing at all', () => {
  const names = serviceNamesOf(site).filter((name) => !/-b$/.test(name) && name !== 'consumer-a');
  const before = release(site, OLD);
  fc.assert(
    fc.property(
      fc.subarray([...names]),
      fc.constantFrom<Part>('image', 'settings', 'secrets', 'files'),
      (some, part) => {
        const coming = release(site, NEW, Object.fromEntries(some.map((name) => [name, part])));
        const plan = planOf(coming, [facts('shop-1', before)]);
        const told = some.map((name) => (name === 'producer-a' ? 'producer' : name));
        assert.deepEqual(changes(plan, 'new', 'changed', 'goes').sort(), told.sort());
        assert.equal(plan.unchanged, some.length === 0);
        assert.equal(plan.colours.producer, some.includes('producer-a') ? 'b' : 'a');
      },
    ),
  );
});
