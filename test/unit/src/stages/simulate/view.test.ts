import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { noCounts } from '../../../../../src/stages/simulate/counters.ts';
import { flow, liveLines, type Moment, plainLine } from '../../../../../src/stages/simulate/view.ts';

const percentiles = { count: 10, p50: 3.1, p90: 6, p99: 14.8, p999: 41, max: 1_077 };
const moment: Moment = {
  phase: 'sending',
  elapsedMs: 12_000,
  lengthMs: 60_000,
  counts: { ...noCounts(), asked: 60_000, issued: 59_998, accepted: 59_990, stored: 59_871, late: 2 },
  rates: { asked: 5_000, issued: 4_999.9, accepted: 4_999, stored: 4_987 },
  accepted: percentiles,
  stored: { count: 0, p50: null, p90: null, p99: null, p999: null, max: null },
  backlog: 119,
  backlogs: [1, 5, 119],
  health: { loopLagP99Ms: 2.1, cpuPercent: 31 },
  reasons: new Map([['503 busy', 1_200]]),
  lines: [],
};

for (const { width, height } of [
  { width: 80, height: 24 },
  { width: 40, height: 24 },
]) {
  test(`the live view fits a terminal of ${width} x ${height}`, () => {
    const lines = liveLines(
      ['oms simulate', '20261121T101500-ab12', 'open loop, uniform 5,000/s for 60.0 s'],
      moment,
      width,
    );
    for (const line of lines) assert.ok(stringWidth(line) <= width, `too wide: ${line}`);
    assert.ok(lines.length < height);
    const text = lines.join('\n');
    for (const part of ['asked 60,000', 'stored 59,871', 'backlog  119', 'p99 15 ms', '503 busy x 1,200']) {
      assert.ok(text.includes(part), `${part} is missing in\n${text}`);
    }
  });
}

test('cells that do not fit go to the next line, indented', () => {
  assert.deepEqual(flow('orders', ['asked 1', 'issued 2', 'stored 3'], 26), [
    'orders  asked 1  issued 2',
    '    stored 3',
  ]);
});

test('where nothing can move, one line says the same', () => {
  assert.equal(
    plainLine(moment),
    'sending 12 s / 60 s  asked 60,000  issued 59,998  accepted 59,990  stored 59,871  ' +
      'accepted p99 15 ms  stored p99 -  backlog 119',
  );
  assert.match(plainLine({ ...moment, phase: 'draining' }), /^draining 12 s {2}asked/);
});
