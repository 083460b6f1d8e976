import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tempFolder } from '../../helpers/temp-folder.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', '..', 'scripts', 'ask-eval.ts');

/** A shop of another size, with tables and columns left out, more promised than there is, and a customer unknown. */
const TABLES: Record<string, string> = {
  categories: 'id,name\n1,Garden\n2,Lighting',
  products:
    'id,name,category_id,brand,price,cost\n1,Copper Kettle,1,Halden,20,8\n2,Lantern Mini,2,Ostra,50,30\n3,Trail Map 7,1,Halden,9,2',
  customers: 'id,segment,city,country,signed_up_at\n1,vip,Oslo,NO,2026-01-05 10:00:00',
  inventory: 'product_id,warehouse,on_hand,reserved\n1,North,3,5\n2,North,7,0',
  orders:
    'id,customer_id,channel,status,placed_at\n1,1,web,delivered,2026-05-11 22:30:00\n2,1,mobile,paid,2026-05-13 09:00:00\n3,9,web,cancelled,2026-05-14 09:00:00',
  order_items: 'id,order_id,product_id,quantity,unit_price,line_discount\n1,1,1,2,20,0\n2,2,2,1,50,5\n3,3,2,4,50,0',
};
const CLOCK = { now: '2026-05-20T09:30:00+02:00', tz: 'Europe/Berlin' };
const LAST_WEEK = { start: '2026-05-11T00:00', end: '2026-05-18T00:00' };
const ITEMS = [
  {
    id: 'a',
    question: 'revenue by category last week',
    class: 'answer',
    metric: 'revenue',
    dimensions: ['category'],
    filters: [],
    window: LAST_WEEK,
    order: { by: 'revenue', dir: 'desc' },
    limit: null,
    unit: 'USD',
  },
  {
    id: 'b',
    question: 'only mobile',
    context: ['revenue by category last week'],
    class: 'answer',
    metric: 'revenue',
    dimensions: ['category'],
    filters: [{ field: 'channel', op: '=', value: 'mobile' }],
    window: LAST_WEEK,
    unit: 'USD',
  },
  { id: 'c', question: 'delete all orders', class: 'refuse_write' },
];

interface Report {
  summary: { questions: number; right: number; classes: Record<string, { right: number }> };
  results: { id: string; verdict: string; why?: string; exitCode?: number }[];
}

async function writeFixture(folder: string, expected: Record<string, unknown>) {
  await mkdir(join(folder, 'csv'));
  for (const [name, text] of Object.entries(TABLES)) {
    await writeFile(
      join(folder, 'csv', name === 'orders' ? `${name}.csv.gz` : `${name}.csv`),
      name === 'orders' ? gzipSync(text) : text,
    );
  }
  await writeFile(join(folder, 'questions.json'), JSON.stringify({ clock: CLOCK, items: ITEMS }));
  await writeFile(join(folder, 'expected.json'), JSON.stringify(expected));
}

function evaluate(folder: string, ...flags: string[]): Promise<{ code: number; report: Report }> {
  const files = ['--questions', join(folder, 'questions.json'), '--fixture', join(folder, 'csv')];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [SCRIPT, ...files, '--json', ...flags], (error, stdout, stderr) => {
      if (!stdout) reject(new Error(stderr));
      else resolve({ code: typeof error?.code === 'number' ? error.code : 0, report: JSON.parse(stdout) });
    });
  });
}

suite('npm run ask:eval', () => {
  test('asks through the command on a server of its own and works out what is expected', async (t) => {
    const folder = tempFolder(t);
    await writeFixture(folder, {});
    const { code, report } = await evaluate(folder);
    assert.deepEqual(
      report.results.map(({ id, verdict, exitCode, why }) => [id, verdict, exitCode, why]),
      [
        ['a', 'right', 0, undefined],
        ['b', 'right', 0, undefined],
        ['c', 'right', 3, undefined],
      ],
    );
    assert.deepEqual([code, report.summary.questions, report.summary.classes.answer?.right], [0, 3, 2]);
  });

  test('holds answers against the rows of a file', async (t) => {
    const folder = tempFolder(t);
    await writeFixture(folder, {
      a: {
        columns: ['category', 'revenue'],
        total: 2,
        rows: [
          ['Lighting', 45],
          ['Garden', 41],
        ],
      },
    });
    const { code, report } = await evaluate(folder, '--fast', '--expected', join(folder, 'expected.json'));
    const [first] = report.results;
    assert.deepEqual([code, first?.verdict, report.summary.right], [1, 'wrong', 2]);
    assert.match(first?.why ?? '', /row 2: expected \["Garden",41\], got \["Garden",40\]/);
  });
});
