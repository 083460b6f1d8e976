import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answer, Declined } from '../../../../../../apps/web/api/questions.ts';
import { askPage } from '../../../../../../apps/web/console/ask/ask-page.ts';
import { cellText } from '../../../../../../apps/web/console/ask/cells.ts';
import { planFrom, tokenOf } from '../../../../../../apps/web/console/ask/plan-token.ts';

const ANSWER: Answer = {
  status: 'answer',
  understood: 'revenue by product',
  assumptions: ['ranked by revenue'],
  by: 'planner',
  plan: { dimensions: ['product'] },
  window: { timezone: 'Europe/Berlin' },
  sql: 'SELECT 1 < 2',
  columns: ['product', 'revenue'],
  kinds: ['dimension', 'metric'],
  units: ['text', 'EUR'],
  rows: [
    ['<b>Kettle</b>', 1234.5],
    ['Lamp', 617.25],
  ],
  total_rows: 5,
  notes: ['a note'],
  follow_ups: ['and by brand?'],
};

const plain = (markup: string) => markup.replaceAll('&#61;', '=').replaceAll('&#38;', '&');
const shown = (reply: Answer) => plain(askPage({ question: 'top products', reply }).main);

suite('an answer on a page', () => {
  test('how it was understood, what was assumed, the rows with bars, what was cut, the SQL', () => {
    const main = shown(ANSWER);
    for (const words of [
      'revenue by product</p>',
      'Assumed: ranked by revenue',
      'a note',
      '<td class="number">€1,234.50</td>',
      '<rect width="50.0" height="8"/>',
      '3 more rows',
      'SELECT 1 &#60; 2',
    ]) {
      assert.ok(main.includes(words), words);
    }
    assert.ok(!main.includes('<b>Kettle'));
  });

  test('the next questions are links that carry the plan', () => {
    const [, address] = /href="(\/console\/ask\?q=and[^"]+)"/.exec(shown(ANSWER))!;
    const plan = new URL(address!, 'http://x').searchParams.get('plan')!;
    assert.deepEqual(planFrom(plan), ANSWER.plan);
  });

  test('values over time are columns with a sentence for who does not see them', () => {
    const main = shown({
      ...ANSWER,
      plan: { dimensions: ['day'] },
      columns: ['day', 'orders_count'],
      units: ['text', 'count'],
      rows: [
        ['2026-05-11', 4],
        ['2026-05-12', 0],
        ['2026-05-13', 8],
      ],
    });
    assert.match(main, /role="img" aria-label="orders count from 2026-05-11 to 2026-05-13, at most 8"/);
    assert.match(main, /<rect x="402\.0" y="0\.0" width="196\.0" height="140\.0"\/>/);
    assert.doesNotMatch(main, /class="share"/);
  });

  test('a single amount is a sentence, not a table', () => {
    const main = shown({
      ...ANSWER,
      plan: { dimensions: [] },
      columns: ['orders_count'],
      kinds: ['metric'],
      units: ['count'],
      rows: [[12_345]],
      total_rows: 1,
    });
    assert.match(main, /<span class="big">12,345<\/span> orders<\/p>/);
    assert.doesNotMatch(main, /<table>/);
  });

  test('an order is short and leads to its page, a moment stays in one line, and what was cut is counted readably', () => {
    const id = '74f53f10-f81c-8c85-9b7f-2864a1a49bb2';
    const main = shown({
      ...ANSWER,
      columns: ['order', 'order_placed_at'],
      kinds: ['dimension', 'dimension'],
      units: ['text', 'timestamp'],
      rows: [
        [id, '2026-05-19T22:30:00.000Z'],
        ['<i>', null],
      ],
      total_rows: 20_301,
    });
    assert.match(main, new RegExp(`<td class=""><a href="/orders/${id}"><code>74f53f10</code></a></td>`));
    assert.match(main, /<td class="moment">2026-05-20 00:30<\/td>/);
    assert.match(main, /<td class="">&#60;i&#62;<\/td>/);
    assert.match(main, /20,299 more rows/);
  });

  test('who read the question, and what happened on the way, also where there is no answer', () => {
    const byModel = shown({ ...ANSWER, by: 'model', notes: ['the model first read it with another window'] });
    assert.match(
      byModel,
      /<li>Read with a language model\.<\/li>.*<li>the model first read it with another window<\/li>/s,
    );
    assert.match(shown(ANSWER), /<li>Read by the shop&#39;s rules\.<\/li>/);
    const reply = {
      status: 'clarify',
      message: 'Which?',
      choices: ['revenue'],
      notes: ['the model did not answer (429)'],
    };
    const main = askPage({ question: 'numbers', reply: reply as Declined }).main;
    assert.match(main, /<li>the model did not answer \(429\)<\/li>/);
  });

  test('no rows, and what was declined, with questions instead', () => {
    assert.match(shown({ ...ANSWER, rows: [], total_rows: 0 }), /No rows\./);
    const reply = { status: 'clarify', message: 'Which <measure>?', choices: ['revenue & more'] } as const;
    const main = plain(askPage({ question: 'numbers', reply: { ...reply, choices: [...reply.choices] } }).main);
    assert.match(main, /Which &#60;measure&#62;\?/);
    assert.match(main, /<a href="\/console\/ask\?q=revenue\+%26\+more">revenue & more<\/a>/);
  });
});

suite('cells', () => {
  test('by unit', () => {
    const text = (value: Parameters<typeof cellText>[0], unit: string) => cellText(value, unit, 'Europe/Berlin');
    assert.deepEqual(
      [text(0.1234, 'ratio'), text(12345, 'count'), text(1500, 'JPY'), text(2.819, 'days'), text(null, 'EUR')],
      ['12.3%', '12,345', '¥1,500', '2.82', '–'],
    );
    assert.equal(text('2026-05-19T22:30:00.000Z', 'timestamp'), '2026-05-20 00:30');
  });
});

suite('a plan in an address', () => {
  test('comes out as it went in', () => assert.deepEqual(planFrom(tokenOf({ a: [1, 'ü'] })), { a: [1, 'ü'] }));

  test('anything else is none', () => {
    const bomb = tokenOf({ a: 'x'.repeat(100_000) });
    for (const token of ['', 'x', '!!!', tokenOf([]).slice(1), bomb, 'A'.repeat(5_000)]) {
      assert.equal(planFrom(token), undefined);
    }
  });
});
