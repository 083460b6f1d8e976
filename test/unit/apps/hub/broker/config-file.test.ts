import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubsToServe, parseHubList, readHubFile } from '../../../../../apps/hub/broker/config-file.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

test('a file with hubs is read', (t) => {
  const path = join(tempFolder(t), 'hubs.json');
  const hubs = [
    { name: 'orders', partitions: 8, consumerGroups: ['oms-core'] },
    { name: 'returns', partitions: 1 },
  ];
  writeFileSync(path, JSON.stringify({ hubs }));
  assert.deepEqual(readHubFile(path), { hubs });
});

const bad: Array<[string, string, RegExp]> = [
  ['no JSON', '{', /JSON/],
  ['no hubs', '{}', /hubs/],
  ['an empty list', '{"hubs":[]}', /\/hubs/],
  ['no partitions', '{"hubs":[{"name":"a","partitions":0}]}', /\/hubs\/0\/partitions/],
  ['a name that is a path', '{"hubs":[{"name":"../a","partitions":1}]}', /\/hubs\/0\/name/],
  ['the same hub twice', '{"hubs":[{"name":"a","partitions":1},{"name":"A","partitions":1}]}', /hub A is there twice/],
  [
    'a fault nobody knows',
    '{"hubs":[{"name":"a","partitions":1}],"faults":{"rules":[{"fault":"fire","rate":1}]}}',
    /fault/,
  ],
  [
    'a hub of the emulator without a name',
    '{"UserConfig":{"NamespaceConfig":[{"Entities":[{"PartitionCount":1}]}]}}',
    /Entities\/0/,
  ],
  ['a field nobody knows', '{"hubs":[{"name":"a","partitions":1,"colour":"red"}]}', /\/hubs\/0/],
];

for (const [what, text, reason] of bad) {
  test(`a file with ${what} is refused, naming file and field`, (t) => {
    const path = join(tempFolder(t), 'hubs.json');
    writeFileSync(path, text);
    assert.throws(
      () => readHubFile(path),
      (error: Error) => error.message.startsWith(path) && reason.test(error.message),
    );
  });
}

test('a file that is not there is named', () =>
  assert.throws(() => readHubFile('/nowhere/hubs.json'), /\/nowhere\/hubs.json/));

test("the official emulator's Config.json is read; limits and logging of the emulator mean nothing here", (t) => {
  const path = join(tempFolder(t), 'Config.json');
  const entities = [
    { Name: 'eh1', PartitionCount: '2', ConsumerGroups: [{ Name: 'cg1' }, { Name: 'cg2' }] },
    { Name: 'eh2', PartitionCount: 64, ConsumerGroups: null },
  ];
  const namespace = { Type: 'EventHub', Name: 'emulatorNs1', Entities: entities };
  const file = { UserConfig: { NamespaceConfig: [namespace], LoggingConfig: { Type: 'File' } } };
  writeFileSync(path, `\uFEFF${JSON.stringify(file)}`);
  assert.deepEqual(readHubFile(path).hubs, [
    { name: 'eh1', partitions: 2, consumerGroups: ['cg1', 'cg2'] },
    { name: 'eh2', partitions: 64, consumerGroups: [] },
  ]);
});

test('faults and hubs come from the file, more hubs from a line', (t) => {
  const path = join(tempFolder(t), 'hubs.json');
  const faults = { seed: 4, rules: [{ fault: 'throttle', rate: 0.1 }] };
  writeFileSync(path, JSON.stringify({ hubs: [{ name: 'a', partitions: 1 }], faults }));
  const served = hubsToServe(path, 'b=2, c=3');
  assert.deepEqual(served.faults, faults);
  assert.deepEqual(
    served.hubs.map(({ name, partitions }) => `${name} ${partitions}`),
    ['a 1', 'b 2', 'c 3'],
  );
  assert.deepEqual(
    served.hubs.map(({ keepsSettings }) => keepsSettings),
    [undefined, true, true],
  );
  assert.throws(() => hubsToServe(path, 'A=2'), /hub A is there twice/);
  assert.deepEqual(hubsToServe(undefined, undefined), { hubs: [] });
});

for (const text of ['orders', 'orders=0', 'orders=2000', '../x=1', 'a=1,,b=2', '=3']) {
  test(`a list of hubs such as ${text} is refused`, () => {
    assert.throws(() => parseHubList(text), /is not NAME=PARTITIONS/);
  });
}
