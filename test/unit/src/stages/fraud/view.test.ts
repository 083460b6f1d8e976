import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { evalReport, listReport, reviewReport } from '../../../../../src/stages/fraud/view.ts';
import type { Terminal } from '../../../../../src/ui/terminal.ts';

const terminal: Terminal = {
  print: () => {},
  note: () => {},
  style: (_, text) => text,
  width: 120,
  interactive: false,
  live: false,
  json: false,
  quiet: false,
};

suite('reports about fraud', () => {
  test('a measurement begins with precision and recall', () => {
    const report = evalReport(
      {
        model: 'logistic-1',
        thresholds: { review: 0.5, block: 0.9 },
        seeds: [1, 2],
        decision_us: 3.14,
        orders: 12_000,
        frauds: 200,
        precision: 0.912,
        recall: 0.8,
        block_precision: 0.99,
        confusion: {
          fraud: { allow: 40, review: 60, block: 100 },
          honest: { allow: 11_784, review: 14, block: 2 },
        },
        by_pattern: [{ pattern: 'velocity', orders: 200, caught: 160, recall: 0.8 }],
      },
      terminal,
    );
    const lines = report.split('\n');
    assert.equal(lines[0], 'precision 91.2 %, recall 80.0 %');
    assert.match(report, /honest +11,784 +14 +2\n/);
    assert.match(report, /velocity +200 +160 +80.0 %$/);
  });

  test('the queue shows amount, score, deadline and reasons', () => {
    const order = {
      order_id: '5a1c2a52-37c8-8f5e-9a8e-0b4c1f0d7e21',
      customer: 'c-1',
      total_minor: 12_345,
      currency: 'USD',
      country: 'DE',
      placed_at: new Date(0),
      due_at: new Date(Date.UTC(2026, 10, 21, 9, 30)),
      score: 0.61234,
      reasons: ['device_velocity', 'express'],
    };
    const report = listReport({ total: 3, orders: [order] }, terminal);
    assert.match(report, /7e21 +\$123\.45 +0\.612 +2026-11-21 09:30 +device_velocity, express\n/);
    assert.match(report, /2 more: oms fraud list --limit N/);
    assert.equal(listReport({ total: 0, orders: [] }, terminal), 'no order waits for review');
  });

  test('each decision is a line', () => {
    const orders = [
      { order_id: 'a', result: 'accepted' as const, detail: null },
      { order_id: 'b', result: 'refused' as const, detail: 'the order is confirmed' },
    ];
    assert.equal(reviewReport({ decision: 'reject', orders }), 'a  reject\nb  refused: the order is confirmed');
  });
});
