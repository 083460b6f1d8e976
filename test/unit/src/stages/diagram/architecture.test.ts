import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { architecture } from '../../../../../src/stages/diagram/architecture.ts';
import { cloudFacts } from '../../../../../src/stages/diagram/cloud-facts.ts';
import type { Diagram } from '../../../../../src/stages/diagram/model.ts';
import { LOCAL_APP_NAMES } from '../../../../../src/stages/local/apps.ts';
import { HUBS } from '../../../../../src/stages/provision/topology.ts';
import { savedEnvironment } from '../../../../helpers/environment.ts';
import { someOutputs } from '../../../../helpers/outputs.ts';

const draw = (...facts: Parameters<typeof cloudFacts>) => architecture(cloudFacts(...facts));
const details = ({ nodes, groups }: Diagram, id: string) =>
  [...nodes, ...groups].find((part) => part.id === id)?.details;
const defaults = draw(undefined, undefined);

suite('the architecture as data', () => {
  test('every line ends at something that is there, and everything is connected', () => {
    const ids = new Set([...defaults.nodes, ...defaults.groups].map(({ id }) => id));
    const ends = defaults.edges.flatMap(({ from, to }) => [from, to]);
    assert.deepEqual(
      ends.filter((end) => !ids.has(end)),
      [],
    );
    assert.deepEqual(
      defaults.nodes.filter(({ id }) => !ends.includes(id)).map(({ id }) => id),
      [],
    );
  });

  test('every app that is deployed is on-premises; what only stands in for something is not drawn', () => {
    const apps = defaults.nodes.filter(({ kind }) => kind === 'app').map(({ id }) => id);
    assert.deepEqual(apps.sort(), LOCAL_APP_NAMES.filter((name) => name !== 'hub' && name !== 'sandbox').sort());
    assert.equal(defaults.nodes.filter(({ title }) => title === 'nginx').length, 3);
    assert.deepEqual(
      defaults.nodes.filter(({ group, kind }) => kind === 'app' && group !== 'premises'),
      [],
    );
  });

  test('every hub of the topology is in the namespace, and those with Capture lead to the archive', () => {
    const hubs = defaults.nodes.filter(({ group }) => group === 'namespace').map(({ title }) => title);
    assert.deepEqual(
      hubs,
      HUBS.map(({ name }) => name),
    );
    const captured = defaults.edges.filter(({ to }) => to === 'archive').map(({ from }) => from);
    assert.deepEqual(
      captured,
      HUBS.filter(({ capture }) => capture).map(({ name }) => `hub-${name}`),
    );
  });

  test('an environment that is not made yet shows its names and what it was sized to', () => {
    const planned = draw(savedEnvironment(), undefined);
    assert.equal(planned.title, 'oms · demo (not provisioned yet)');
    assert.deepEqual(details(planned, 'namespace'), [
      savedEnvironment().names.namespace,
      'Standard, 6 TU, up to 12',
      'Entra ID, no keys',
    ]);
    assert.deepEqual(details(planned, 'hub-orders'), ['8 partitions, kept 7 days']);
    assert.ok(details(planned, 'archive')?.includes('not locked yet'));
    assert.ok(!planned.nodes.some(({ id }) => id === 'pair'));
  });

  test('what Azure has goes before what was planned', () => {
    const made = draw(savedEnvironment(), someOutputs());
    assert.equal(made.title, 'oms · demo');
    assert.deepEqual(details(made, 'hub-orders'), ['16 partitions, kept 7 days']);
    assert.deepEqual(details(made, 'files'), ['stomsdemofile']);
  });

  test('a pair of regions, shared keys, a private endpoint, a locked archive and Premium are told', () => {
    const environment = savedEnvironment({
      secondaryRegion: 'northeurope',
      sasFallback: true,
      privateEndpointSubnetId: '/subnet',
      archiveLocked: true,
      capacity: { sku: 'Premium', units: 2, maximumUnits: 0, partitions: 32 },
    });
    const drawn = draw(environment, undefined);
    assert.deepEqual(details(drawn, 'pair'), ['northeurope', 'geo-disaster recovery']);
    assert.deepEqual(details(drawn, 'namespace')?.slice(1), [
      'Premium, 2 PU',
      'Entra ID or shared keys, private endpoint',
    ]);
    assert.ok(details(drawn, 'archive')?.includes('locked for ever'));
  });

  test('a hub that an environment does not have is left out, with the lines to it', () => {
    const { orders } = someOutputs().hubs;
    const drawn = draw(savedEnvironment(), someOutputs({ hubs: { orders: orders! } }));
    assert.ok(!drawn.edges.some(({ to }) => to === 'hub-orders-dlq'));
  });
});
