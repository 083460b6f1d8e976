import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { consolePage } from '../../../../../apps/web/console/console-page.ts';
import { rateChart } from '../../../../../apps/web/console/rate-chart.ts';
import { findingsOf } from '../../../../../apps/web/console/verdict.ts';
import { layout } from '../../../../../apps/web/html/layout.ts';
import { boardOf, letterOf, troubled } from '../../../../helpers/board.ts';

const AT = '2026-11-21T12:00:00.000Z';
const titles = (change: Parameters<typeof boardOf>[0]) => findingsOf(boardOf(change)).map(({ title }) => title);
const lagging = (seconds: number, stored: number) =>
  boardOf().partitions.map((one) => ({
    ...one,
    behind: 5,
    behind_since: new Date(Date.parse(AT) - seconds * 1_000).toISOString(),
    stored_at: new Date(Date.parse(AT) - stored * 1_000).toISOString(),
  }));

test('the verdict names what is worst first, and a moment behind is no trouble', () => {
  assert.deepEqual(titles({}), ['Everything flows']);
  assert.deepEqual(titles({ partitions: lagging(9, 3_600), behind: 20 }), ['Everything flows']);
  assert.deepEqual(titles({ partitions: lagging(10, 3_600), behind: 20 }), ['No progress on partitions 0, 1, 2, 3']);
  assert.deepEqual(titles({ partitions: lagging(15, 1), behind: 20 }), ['20 events behind']);
  assert.deepEqual(titles({ behind: null }), ['The event hub does not answer']);
  assert.deepEqual(titles({ partitions: [], behind: null }), ['Waiting for the first order']);
  assert.deepEqual(
    findingsOf(troubled().board).map(({ mood }) => mood),
    ['bad', 'bad', 'warning'],
  );
});

test('the chart stays within its frame, whatever comes', () => {
  const rate = fc.record({ placed: fc.nat(1e6), confirmed: fc.nat(1e6), failed: fc.nat(1e6) });
  fc.assert(
    fc.property(fc.array(rate, { maxLength: 40 }), (rates) => {
      const chart = rateChart(
        boardOf({ rates: rates.map((one, index) => ({ at: new Date(index * 2_000).toISOString(), ...one })) }),
      );
      for (const [, x, y] of chart.matchAll(/([-\w.]+),([-\w.]+)(?=[ "])/g)) {
        assert.ok(Number(x) >= 0 && Number(x) <= 600 && Number(y) >= 0 && Number(y) <= 140, `${x},${y}`);
      }
    }),
  );
});

test('nothing that an event says becomes a tag or an attribute', () => {
  const shop = { shopName: 'A & B', assets: { folder: '', url: (name: string) => `/assets/${name}` } };
  const shape = (text: string) => {
    const { board } = troubled();
    const newest = board.newest.map((order) => ({
      ...order,
      order_id: text,
      status: text as 'closing',
      currency: text,
    }));
    const letters = [letterOf(1, { reason: text, detail: text, event_type: text, order_id: text })].map((one) => ({
      ...one,
      failed_at: AT,
    }));
    const partitions = board.partitions.map((one) => ({ ...one, owner: text }));
    const html = layout(shop, consolePage({ ...board, newest, partitions, open_orders: { [text]: 1 } }, letters));
    return [...html.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag.replace(/="[^"]*"/g, '=""'));
  };
  const harmless = shape('plain');
  const hostile = fc.string({ unit: fc.constantFrom(...'<>"\'&=`!$/ script'), maxLength: 30 });
  fc.assert(fc.property(hostile, (text) => assert.deepEqual(shape(`x${text}`), harmless)));
});
