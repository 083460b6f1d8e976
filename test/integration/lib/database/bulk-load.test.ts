import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type BulkMethod,
  type BulkValue,
  bulkLoad,
  chooseBulkMethod,
  encodeRow,
} from '../../../../lib/database/bulk-load.ts';
import { connect, type RowDataPacket } from '../../../../lib/database/connect.ts';
import { startTestDatabase } from '../../../helpers/database.ts';

const TARGET = { table: 'things', columns: ['id', 'code', 'label', 'at'], hex: ['code'] };

async function openTable(t: TestContext) {
  const { url } = await startTestDatabase(t, { migrate: false });
  const connection = await connect(url, { dateStrings: true });
  t.after(() => connection.end());
  await connection.query(`CREATE TABLE things (id BIGINT PRIMARY KEY, code BINARY(2) NOT NULL,
    label VARCHAR(40) CHARACTER SET utf8mb4 NULL, at DATETIME(6) NULL)`);
  const read = async () => {
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT id, HEX(code) AS code, label, at FROM things ORDER BY id',
    );
    return rows.map((row) => [row.id, row.code, row.label, row.at]);
  };
  return { connection, read };
}

const AWKWARD = [
  'plain',
  '',
  "it's",
  'tab\there',
  'line\nend\r\n',
  'back\\slash',
  '\\N',
  'Größe 東京 🎁',
  'nul\0',
  '"',
  '%_',
];

for (const method of ['infile', 'insert'] satisfies BulkMethod[]) {
  test(`${method}: text, NULL, bytes and times arrive as they were`, async (t) => {
    const { connection, read } = await openTable(t);
    const rows: BulkValue[][] = AWKWARD.map((label, id) => [id, '00ff', label, '2026-11-21 12:00:00.123']);
    rows.push([9_007_199_254_740_991, 'abcd', null, null]);
    await bulkLoad(connection, TARGET, rows.map(encodeRow), method);
    const expected = rows.map(([id, code, label, at]) => [id, String(code).toUpperCase(), label, at && `${at}000`]);
    assert.deepEqual(await read(), expected);
  });

  test(`${method}: more rows than fit one piece arrive`, async (t) => {
    const { connection } = await openTable(t);
    const rows = Array.from({ length: 12_000 }, (_, id) => encodeRow([id, '0001', 'x'.repeat(40), null]));
    await bulkLoad(connection, TARGET, rows, method);
    const [[found]] = await connection.query<RowDataPacket[]>(
      'SELECT COUNT(*) AS n, SUM(LENGTH(label)) AS x FROM things',
    );
    assert.deepEqual({ n: found!.n, x: Number(found!.x) }, { n: 12_000, x: 480_000 });
  });

  test(`${method}: a row that is there already is an error, not a warning`, async (t) => {
    const { connection } = await openTable(t);
    const row = encodeRow([1, '0001', 'x', null]);
    await bulkLoad(connection, TARGET, [row], method);
    await assert.rejects(bulkLoad(connection, TARGET, [row, encodeRow([2, '0001', 'x', null])], method), /Duplicate/);
  });
}

test('this server takes local files; no rows are no statement', async (t) => {
  const { connection, read } = await openTable(t);
  assert.equal(await chooseBulkMethod(connection), 'infile');
  await bulkLoad(connection, { ...TARGET, table: 'nowhere' }, [], 'infile');
  assert.deepEqual(await read(), []);
});
