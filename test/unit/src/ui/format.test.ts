import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatDecimalBytes, formatDuration } from '../../../../src/ui/format.ts';

const DURATIONS: [ms: number, text: string][] = [
  [0.04, '0.0 ms'],
  [9.94, '9.9 ms'],
  [9.96, '10 ms'],
  [999.6, '1.0 s'],
  [59_940, '59.9 s'],
  [59_960, '1 m 0 s'],
  [200_000, '3 m 20 s'],
  [239_700, '4 m 0 s'],
  [3_599_600, '1 h 0 m'],
  [15_000_000, '4 h 10 m'],
];

for (const [ms, text] of DURATIONS) {
  test(`${ms} ms are shown as ${text}`, () => assert.equal(formatDuration(ms), text));
}

test('bytes are shown in binary units', () => {
  assert.deepEqual([0, 1_023, 1_536, 47 * 1_024 ** 2].map(formatBytes), ['0 B', '1023 B', '1.5 KiB', '47 MiB']);
});

const STORED: [bytes: number, text: string][] = [
  [0, '0 B'],
  [999, '999 B'],
  [1_693, '1.693 kB'],
  [442_368_000_000, '442.4 GB'],
  [999_960_000_000, '1 TB'],
  [1.616e15, '1.616 PB'],
  [4e21, '4,000 EB'],
];

for (const [bytes, text] of STORED) {
  test(`${bytes} bytes are billed as ${text}`, () => assert.equal(formatDecimalBytes(bytes), text));
}
