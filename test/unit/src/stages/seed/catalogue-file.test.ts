import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { OmsError } from '../../../../../src/errors.ts';
import { readCatalogueFile } from '../../../../../src/stages/seed/catalogue-file.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const HEADER = 'sku,name,category,brand,price,cost,currency,stock';

async function fileWith(t: TestContext, content: string | Uint8Array): Promise<string> {
  const folder = tempFolder(t);
  const file = join(folder, 'catalogue.csv');
  await writeFile(file, content);
  return file;
}

/** Reads a file that is refused and returns its problems, a line each. */
async function problemsOf(t: TestContext, content: string | Uint8Array): Promise<string[]> {
  const file = await fileWith(t, content);
  const error = await readCatalogueFile(file).then(
    () => assert.fail('was taken'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof OmsError, String(error));
  assert.equal(error.code, 'input_file');
  return (error.why ?? '').split('\n').map((line) => line.trim());
}

suite('a catalogue file', () => {
  test('is read with byte order mark, CRLF, quotes, blank lines, other columns and another order', async (t) => {
    const text = [
      '\uFEFFstock,colour,sku,name,category,brand,price,cost,currency',
      '3,red,A-1,"Mug, ""large""",Kitchen,,49.9,20,BRL',
      '',
      '0,,b_2,Cup,Kitchen,Casa,7,0.05,BRL',
    ].join('\r\n');
    assert.deepEqual(await readCatalogueFile(await fileWith(t, text)), [
      {
        sku: 'A-1',
        name: 'Mug, "large"',
        category: 'Kitchen',
        brand: '',
        price_minor: 4_990,
        cost_minor: 2_000,
        currency: 'BRL',
        stock: 3,
      },
      {
        sku: 'b_2',
        name: 'Cup',
        category: 'Kitchen',
        brand: 'Casa',
        price_minor: 700,
        cost_minor: 5,
        currency: 'BRL',
        stock: 0,
      },
    ]);
  });

  test('amounts have as many digits as their currency', async (t) => {
    const file = await fileWith(t, `${HEADER}\nA,n,c,b,1200,3,JPY,1\n`);
    assert.equal((await readCatalogueFile(file))[0]!.price_minor, 1_200);
    assert.deepEqual(await problemsOf(t, `${HEADER}\nA,n,c,b,12.5,3,JPY,1\n`), [
      'catalogue.csv:2: price "12.5" is no amount in JPY, such as 49',
    ]);
  });

  for (const [what, row, problem] of [
    ['a blank in the sku', 'A 1,n,c,b,1,1,USD,1', 'sku "A 1" needs 1 to 64 letters'],
    ['no name', 'A,  ,c,b,1,1,USD,1', 'name "  " needs 1 to 200 characters'],
    ['no category', 'A,n,,b,1,1,USD,1', 'category "" needs 1 to 80 characters'],
    ['a decimal comma', 'A,n,c,b,"1,5",1,USD,1', 'price "1,5" is no amount in USD, such as 49.90'],
    ['a negative price', 'A,n,c,b,-1,1,USD,1', 'price "-1" is no amount'],
    ['an exponent', 'A,n,c,b,1e3,1,USD,1', 'price "1e3" is no amount'],
    ['a third digit', 'A,n,c,b,1,0.001,USD,1', 'cost "0.001" is no amount'],
    ['a small currency', 'A,n,c,b,1,1,usd,1', 'currency "usd" needs three capital letters'],
    ['half a unit', 'A,n,c,b,1,1,USD,1.5', 'stock "1.5" needs a whole number'],
    ['a field too many', 'A,n,c,b,1,1,USD,1,9', '9 fields, where the header has 8'],
    ['a control character', 'A,n\u0007,c,b,1,1,USD,1', 'name "n\\u0007" needs 1 to 200 characters'],
  ] as const) {
    test(`refuses ${what}`, async (t) => {
      const problems = await problemsOf(t, `${HEADER}\n${row}\n`);
      assert.equal(problems.length, 1);
      assert.ok(problems[0]!.startsWith(`catalogue.csv:2: ${problem}`), problems[0]);
    });
  }

  test('refuses a sku twice and a second currency, by line', async (t) => {
    const text = `${HEADER}\r\nA,"n\r\nm",c,b,1,1,USD,1\r\nB,n,c,b,1,1,EUR,1\r\nA,n,c,b,1,1,USD,1\r\n`;
    assert.deepEqual(await problemsOf(t, text), [
      'catalogue.csv:4: currency EUR, where the file began with USD',
      'catalogue.csv:5: sku A was in line 2 already',
    ]);
  });

  test('shows the first ten problems and counts the others', async (t) => {
    const rows = Array.from({ length: 30 }, (_, index) => `S${index},n,c,b,1,1,USD,x`);
    const problems = await problemsOf(t, [HEADER, ...rows].join('\n'));
    assert.equal(problems.length, 11);
    assert.match(problems[9]!, /^catalogue\.csv:11: stock "x"/);
    assert.equal(problems[10], 'and 20 more');
  });

  test('refuses a header that lacks columns, an empty file, one without products', async (t) => {
    assert.match((await problemsOf(t, 'sku,name\nA,n\n'))[0]!, /^catalogue\.csv:1: the header lacks category, brand/);
    assert.match((await problemsOf(t, ''))[0]!, /^catalogue\.csv:1: empty/);
    assert.deepEqual(await problemsOf(t, `${HEADER}\n`), ['catalogue.csv:1: no products']);
  });

  test('refuses an open quote and text that is not UTF-8', async (t) => {
    assert.match((await problemsOf(t, `${HEADER}\nA,"n,c,b,1,1,USD,1\nB\n`))[0]!, /Quote Not Closed/);
    const latin = Buffer.concat([Buffer.from(`${HEADER}\nA,`), Buffer.from([0xe9, 0x2c, 0x0a])]);
    assert.match((await problemsOf(t, latin))[0]!, /the text is not UTF-8$/);
  });

  test('refuses a file that is too large without reading it, one that is not there, and a folder', async (t) => {
    const file = await fileWith(t, HEADER);
    const handle = await open(file, 'r+');
    await handle.truncate(100 * 1_024 * 1_024);
    await handle.close();
    await assert.rejects(readCatalogueFile(file), { code: 'input_file', why: '100 MiB; 50 MiB are taken at most' });
    await assert.rejects(readCatalogueFile(`${file}.not`), { code: 'input_file', why: /ENOENT/ });
    await assert.rejects(readCatalogueFile(tmpdir()), { code: 'input_file' });
  });
});
