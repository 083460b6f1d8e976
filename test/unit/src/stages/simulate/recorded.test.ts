import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { OmsError } from '../../../../../src/errors.ts';
import { readRecording } from '../../../../../src/stages/simulate/recorded.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const catalogue = [
  { sku: 'A', currency: 'BRL' },
  { sku: 'B', currency: 'BRL' },
  { sku: 'X', currency: 'USD' },
];

const recorded = (changes: object = {}) => ({
  at: '2016-10-04T13:38:37Z',
  ref: 'r1',
  customer: 'c1',
  channel: 'web',
  currency: 'BRL',
  items: [{ sku: 'A', quantity: 1 }],
  ship_to: { country: 'BR', region: 'SP', city: 'são paulo', postcode_prefix: '01001' },
  payment: { method: 'card' },
  recorded: { status: 'delivered', items_total: '72.89' },
  ...changes,
});

async function read(t: TestContext, content: string | Buffer | (string | object)[], byTime = false) {
  const folder = tempFolder(t);
  const file = join(folder, 'orders.ndjson');
  const lines = Array.isArray(content)
    ? content.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
    : content;
  await writeFile(file, lines);
  const faultsOf = async () => {
    const error = await readRecording({ file, catalogue, byTime }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof OmsError);
    assert.equal(error.code, 'input_file');
    return { message: error.message.replace(folder, ''), why: error.why?.replaceAll(file, 'F') };
  };
  return { read: () => readRecording({ file, catalogue, byTime }), faultsOf };
}

test('a recorded order becomes a request under a key of its own reference', async (t) => {
  const { source } = await (await read(t, [recorded()])).read();
  const order = source.order(0);
  assert.equal(order.key, 'from-r1');
  assert.deepEqual(JSON.parse(order.body), {
    customer: 'c1',
    channel: 'web',
    currency: 'BRL',
    items: [{ sku: 'A', quantity: 1 }],
    ship_to: { country: 'BR', region: 'SP', city: 'são paulo', postcode_prefix: '01001' },
    payment: { method: 'card' },
  });
});

test('items of the same SKU become one line', async (t) => {
  const items = [
    { sku: 'B', quantity: 2 },
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 3 },
  ];
  const { source } = await (await read(t, [recorded({ items })])).read();
  assert.deepEqual(JSON.parse(source.order(0).body).items, [
    { sku: 'B', quantity: 5 },
    { sku: 'A', quantity: 1 },
  ]);
});

test('a byte order mark, CRLF, empty lines and a missing last newline are accepted', async (t) => {
  const lines = [recorded(), recorded({ ref: 'r2' })].map((line) => JSON.stringify(line));
  const { source } = await (await read(t, `\uFEFF${lines[0]}\r\n\r\n  \n${lines[1]}`)).read();
  assert.equal(source.size, 2);
  assert.equal(source.order(1).key, 'from-r2');
});

test('a line that repeats an order of the file is left out', async (t) => {
  const recording = await (await read(t, [recorded(), recorded({ ref: 'r2' }), recorded()])).read();
  assert.deepEqual([recording.source.size, recording.repeated], [2, 1]);
});

test('orders come in the order of the file, or of their recorded times', async (t) => {
  const lines = [recorded({ ref: 'late', at: '2017-01-02T00:00:00Z' }), recorded({ ref: 'early' })];
  const byLine = await (await read(t, lines)).read();
  assert.equal(byLine.source.order(0).key, 'from-late');
  const byTime = await (await read(t, lines, true)).read();
  assert.equal(byTime.source.order(0).key, 'from-early');
  assert.deepEqual([...byTime.moments], [Date.parse('2016-10-04T13:38:37Z'), Date.parse('2017-01-02T00:00:00Z')]);
});

test('each fault is named by file and line', async (t) => {
  const { ref: _ref, ...withoutRef } = recorded();
  const faulty = [
    '{"at": ',
    withoutRef,
    recorded({ ref: 'has blank' }),
    recorded({ ref: 'q', items: [{ sku: 'A', quantity: 0 }] }),
    recorded({ ref: 'u', items: [{ sku: 'UNKNOWN', quantity: 1 }] }),
    recorded({ ref: 'c', items: [{ sku: 'X', quantity: 1 }] }),
    recorded({ ref: 'extra', color: 'red' }),
    recorded({ ref: 'day', at: '2016-02-99T00:00:00Z' }),
    recorded({
      ref: 'sum',
      items: [
        { sku: 'A', quantity: 999 },
        { sku: 'A', quantity: 1 },
      ],
    }),
  ];
  const { message, why } = await (await read(t, faulty)).faultsOf();
  assert.equal(message, '/orders.ndjson: 9 of its lines cannot be replayed, nothing was sent');
  const lines = why!.split('\n').map((line) => line.trim());
  assert.match(lines[0]!, /^F:1: .*JSON/);
  assert.equal(lines[1], 'F:2: /ref: is missing');
  assert.match(lines[2]!, /^F:3: \/ref: /);
  assert.match(lines[3]!, /^F:4: \/items\/0\/quantity: /);
  assert.equal(lines[4], 'F:5: /items/0/sku: UNKNOWN is not in the catalogue');
  assert.equal(lines[5], 'F:6: /currency: X is sold in USD');
  assert.match(lines[6]!, /^F:7: .*color|additional/);
  assert.equal(lines[7], 'F:8: /at: 2016-02-99T00:00:00Z is no date');
  assert.equal(lines[8], 'F:9: /items: more than 999 pieces of A in all');
});

test('a reference that names two different orders is a fault', async (t) => {
  const { why } = await (await read(t, [recorded(), recorded({ customer: 'c2' })])).faultsOf();
  assert.equal(why, 'F:2: /ref: r1 names another order on line 1');
});

test('the first ten faults are shown, the others counted', async (t) => {
  const { why } = await (await read(t, Array(25).fill('x'))).faultsOf();
  assert.equal(why!.split('\n').length, 10);
  assert.match(why!, /; 15 more$/);
});

test('bytes that are not UTF-8 are a fault, not other characters', async (t) => {
  const line = Buffer.from(JSON.stringify(recorded()).replace('são', 's\xe3o'), 'latin1');
  assert.equal((await (await read(t, line)).faultsOf()).why, 'F:1: not UTF-8');
});

test('an empty file and a missing one are said to be that', async (t) => {
  assert.match((await (await read(t, '\n')).faultsOf()).message, /has no orders in it$/);
  const missing = readRecording({ file: '/nonexistent/orders.ndjson', catalogue, byTime: false });
  await assert.rejects(missing, { code: 'input_file', message: 'cannot read /nonexistent/orders.ndjson' });
});
