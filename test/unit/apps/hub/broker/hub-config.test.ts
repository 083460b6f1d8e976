import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubFolder, readHubConfig, storeHubs } from '../../../../../apps/hub/broker/hub-config.ts';
import { temporaryFolder } from '../../../../helpers/hub-log.ts';

test('a file with hubs is read', (t) => {
  const path = join(temporaryFolder(t), 'hubs.json');
  const hubs = [
    { name: 'orders', partitions: 8, consumerGroups: ['oms-core'] },
    { name: 'returns', partitions: 1 },
  ];
  writeFileSync(path, JSON.stringify({ hubs }));
  assert.deepEqual(readHubConfig(path), hubs);
});

const bad: Array<[string, string, RegExp]> = [
  ['no JSON', '{', /JSON/],
  ['no hubs', '{}', /hubs/],
  ['an empty list', '{"hubs":[]}', /\/hubs/],
  ['no partitions', '{"hubs":[{"name":"a","partitions":0}]}', /\/hubs\/0\/partitions/],
  ['a name that is a path', '{"hubs":[{"name":"../a","partitions":1}]}', /\/hubs\/0\/name/],
  ['a field nobody knows', '{"hubs":[{"name":"a","partitions":1,"colour":"red"}]}', /\/hubs\/0/],
];

for (const [what, text, reason] of bad) {
  test(`a file with ${what} is refused, naming file and field`, (t) => {
    const path = join(temporaryFolder(t), 'hubs.json');
    writeFileSync(path, text);
    assert.throws(
      () => readHubConfig(path),
      (error: Error) => error.message.startsWith(path) && reason.test(error.message),
    );
  });
}

test('a file that is not there is named', () =>
  assert.throws(() => readHubConfig('/nowhere/hubs.json'), /\/nowhere\/hubs.json/));

test('a hub keeps its creation time, and gets another in an empty folder', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1000 });
  const folder = temporaryFolder(t);
  const [first] = storeHubs(folder, [{ name: 'Orders', partitions: 2 }]);
  t.mock.timers.setTime(2000);
  assert.deepEqual(storeHubs(folder, [{ name: 'Orders', partitions: 2 }]), [first]);
  const [other] = storeHubs(temporaryFolder(t), [{ name: 'Orders', partitions: 2 }]);
  assert.notEqual(other!.createdAt, first!.createdAt);
});

test('$default is there, once, and groups follow the configuration', (t) => {
  const folder = temporaryFolder(t);
  const groups = (consumerGroups?: string[]) =>
    storeHubs(folder, [{ name: 'orders', partitions: 1, ...(consumerGroups && { consumerGroups }) }])[0]!
      .consumerGroups;
  assert.deepEqual(groups(), ['$default']);
  assert.deepEqual(groups(['a', '$Default']), ['$default', 'a']);
  assert.deepEqual(groups(['b']), ['$default', 'b']);
});

test('a hub that is only in the folder is served as well', (t) => {
  const folder = temporaryFolder(t);
  storeHubs(folder, [{ name: 'old', partitions: 1 }]);
  assert.deepEqual(
    storeHubs(folder, [{ name: 'new', partitions: 1 }]).map(({ name }) => name),
    ['new', 'old'],
  );
});

test('another number of partitions is refused with the way out', (t) => {
  const folder = temporaryFolder(t);
  storeHubs(folder, [{ name: 'orders', partitions: 2 }]);
  assert.throws(
    () => storeHubs(folder, [{ name: 'orders', partitions: 4 }]),
    /has 2 partitions .* 4 in the configuration; .* Keep the number/,
  );
});

test('a description that is damaged is named', (t) => {
  const folder = temporaryFolder(t);
  storeHubs(folder, [{ name: 'orders', partitions: 2 }]);
  const path = join(hubFolder(folder, 'orders'), 'hub.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"format":1', '"format":9'));
  assert.throws(
    () => storeHubs(folder, []),
    (error: Error) => error.message.includes(path),
  );
});
