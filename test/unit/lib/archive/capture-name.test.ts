import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { captureFileName, DEFAULT_NAME_FORMAT, nameFormatProblems } from '../../../../lib/archive/capture-name.ts';

const NAME = { namespace: 'evhns-oms', hub: 'order-events', partition: '3', time: new Date('2026-02-03T04:05:06Z') };

suite('the name of a capture file', () => {
  test('is what Event Hubs proposes unless the hub says otherwise', () => {
    const names = captureFileName();
    assert.equal(names.format(NAME), 'evhns-oms/order-events/3/2026/02/03/04/05/06.avro');
    assert.deepEqual(names.parse('evhns-oms/order-events/3/2026/02/03/04/05/06.avro'), NAME);
  });

  test('says the same in any order of the nine tokens', () => {
    const tokens = DEFAULT_NAME_FORMAT.split('/');
    const separator = fc.constantFrom('/', '_', '/a.b+c/');
    const time = fc.date({ min: new Date('2020-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.shuffledSubarray(tokens, { minLength: 9 }), separator, time, (order, between, at) => {
        const name = { ...NAME, time: new Date(Math.floor(at.getTime() / 1_000) * 1_000) };
        const names = captureFileName(order.join(between));
        const path = names.format(name);
        assert.deepEqual(names.parse(path), name);
        assert.ok(path.startsWith(names.prefix(name)));
        assert.ok(path.startsWith(names.prefix(name, name.time)));
      }),
    );
  });

  test('of anything else is none', () => {
    const { parse } = captureFileName();
    for (const path of [
      'evhns-oms/orders/3/2026/02/30/04/05/06.avro',
      'evhns-oms/orders/3/2026/02/03/24/05/06.avro',
      'evhns-oms/orders/3/2026/02/03/04/05/06.parquet',
      'evhns-oms/orders/x/2026/02/03/04/05/06.avro',
      'more/evhns-oms/orders/3/2026/02/03/04/05/06.avro',
      '',
    ]) {
      assert.equal(parse(path), undefined, path);
    }
  });

  test('begins alike for a partition, and for a day of it', () => {
    assert.equal(captureFileName().prefix(NAME), 'evhns-oms/order-events/3/');
    assert.equal(captureFileName().prefix(NAME, NAME.time), 'evhns-oms/order-events/3/2026/02/03/');
    const byTime = captureFileName(
      '{Year}/{Month}/{Day}/{Hour}/{Namespace}/{EventHub}/{PartitionId}/{Minute}/{Second}',
    );
    assert.equal(byTime.prefix(NAME), '');
    assert.equal(byTime.prefix(NAME, NAME.time), '2026/02/03/');
  });
});

suite('a name format', () => {
  test('has all nine tokens once', () => {
    assert.deepEqual(nameFormatProblems(DEFAULT_NAME_FORMAT), []);
    assert.deepEqual(nameFormatProblems(`${DEFAULT_NAME_FORMAT.replace('{Second}', '{Minute}')}/{Week}`), [
      '{Second} is missing',
      '{Week} is not known',
      '{Minute} is there twice',
    ]);
    assert.throws(() => captureFileName('{Namespace}/{EventHub}'), /name format .*\{PartitionId\} is missing/);
  });
});
