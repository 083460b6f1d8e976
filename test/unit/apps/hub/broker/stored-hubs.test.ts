import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  hubFolder,
  putStored,
  removeGroup,
  removeStored,
  storeHubs,
} from '../../../../../apps/hub/broker/stored-hubs.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

test('a hub keeps its creation time, and gets another in an empty folder', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1000 });
  const folder = tempFolder(t);
  const [first] = storeHubs(folder, [{ name: 'Orders', partitions: 2 }]);
  t.mock.timers.setTime(2000);
  assert.deepEqual(storeHubs(folder, [{ name: 'Orders', partitions: 2 }]), [first]);
  const [other] = storeHubs(tempFolder(t), [{ name: 'Orders', partitions: 2 }]);
  assert.notEqual(other!.createdAt, first!.createdAt);
});

test('$default is there, once, and groups follow the configuration', (t) => {
  const folder = tempFolder(t);
  const groups = (consumerGroups?: string[]) =>
    storeHubs(folder, [{ name: 'orders', partitions: 1, ...(consumerGroups && { consumerGroups }) }])[0]!
      .consumerGroups;
  assert.deepEqual(groups(), ['$default']);
  assert.deepEqual(groups(['a', '$Default']), ['$default', 'a']);
  assert.deepEqual(groups(['b']), ['$default', 'b']);
});

test('a hub that is only in the folder is served as well', (t) => {
  const folder = tempFolder(t);
  storeHubs(folder, [{ name: 'old', partitions: 1 }]);
  assert.deepEqual(
    storeHubs(folder, [{ name: 'new', partitions: 1 }]).map(({ name }) => name),
    ['new', 'old'],
  );
});

test('another number of partitions is refused with the way out', (t) => {
  const folder = tempFolder(t);
  storeHubs(folder, [{ name: 'orders', partitions: 2 }]);
  assert.throws(
    () => storeHubs(folder, [{ name: 'orders', partitions: 4 }]),
    /has 2 partitions but 4 are asked for; .* Keep the number/,
  );
});

test('a description that is damaged is named', (t) => {
  const folder = tempFolder(t);
  storeHubs(folder, [{ name: 'orders', partitions: 2 }]);
  const path = join(hubFolder(folder, 'orders'), 'hub.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"format":1', '"format":9'));
  assert.throws(
    () => storeHubs(folder, []),
    (error: Error) => error.message.includes(path),
  );
});

const stored = (folder: string, consumerGroups: string[] = []) =>
  storeHubs(folder, [{ name: 'orders', partitions: 2, consumerGroups }])[0]!;

test('a group that was added while the hub ran outlasts a configuration that does not name it', (t) => {
  const folder = tempFolder(t);
  const before = stored(folder, ['a']);
  const put = putStored(folder, { name: 'ORDERS', partitions: 2, consumerGroups: ['b', 'A'] });
  assert.deepEqual(put.consumerGroups, ['$default', 'a', 'b']);
  assert.equal(put.createdAt, before.createdAt);
  assert.equal(put.name, 'orders');
  assert.deepEqual(stored(folder, ['c']).consumerGroups, ['$default', 'c', 'b', 'A']);
});

test('a group that was removed is gone, until a configuration names it', (t) => {
  const folder = tempFolder(t);
  stored(folder, ['a']);
  putStored(folder, { name: 'orders', partitions: 2, consumerGroups: ['b'] });
  assert.deepEqual(removeGroup(folder, 'orders', 'B').consumerGroups, ['$default', 'a']);
  assert.deepEqual(removeGroup(folder, 'orders', 'a').consumerGroups, ['$default']);
  assert.deepEqual(stored(folder, ['a']).consumerGroups, ['$default', 'a']);
});

test('what is not said of a known hub stays', (t) => {
  const folder = tempFolder(t);
  const retention = { seconds: 86_400 };
  storeHubs(folder, [{ name: 'orders', partitions: 1, retention }]);
  assert.deepEqual(putStored(folder, { name: 'orders', partitions: 1 }).retention, retention);
});

test('a hub that is only asked for by name keeps its settings; one of a configuration has those of the configuration', (t) => {
  const folder = tempFolder(t);
  const settings = { retention: { seconds: 60 }, capture: { container: 'archive' } };
  const hub = { name: 'orders', partitions: 1 };
  storeHubs(folder, [{ ...hub, keepsSettings: true }]);
  putStored(folder, { ...hub, ...settings });
  const [listed] = storeHubs(folder, [{ ...hub, keepsSettings: true }]);
  assert.deepEqual({ retention: listed!.retention, capture: listed!.capture }, settings);
  const [configured] = storeHubs(folder, [hub]);
  assert.deepEqual([configured!.retention, configured!.capture], [undefined, undefined]);
});

test('the description of a hub, which may hold the key of a storage account, is for its owner alone', (t) => {
  const folder = tempFolder(t);
  storeHubs(folder, [{ name: 'orders', partitions: 1 }]);
  assert.equal(statSync(join(hubFolder(folder, 'orders'), 'hub.json')).mode & 0o777, 0o600);
});

test('a hub that is removed is gone with its events; made again it is another one', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1000 });
  const folder = tempFolder(t);
  const { createdAt } = stored(folder);
  mkdirSync(join(hubFolder(folder, 'orders'), '0'));
  removeStored(folder, 'Orders');
  assert.deepEqual(readdirSync(join(folder, 'hubs')), []);
  t.mock.timers.setTime(2000);
  assert.notEqual(stored(folder).createdAt, createdAt);
  assert.equal(existsSync(join(hubFolder(folder, 'orders'), '0')), false);
});

test('what a removal left that was cut off goes at the next start', (t) => {
  const folder = tempFolder(t);
  mkdirSync(join(folder, 'hubs', '.removed-1', '0'), { recursive: true });
  assert.deepEqual(storeHubs(folder, []), []);
  assert.deepEqual(readdirSync(join(folder, 'hubs')), []);
});
