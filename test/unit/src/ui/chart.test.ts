import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { bar, columnChart } from '../../../../src/ui/chart.ts';

const format = (value: number) => String(Math.round(value));
const ends = ['first', 'last'] as const;

suite('bars', () => {
  test('in eighths of a column, or in ASCII', () => {
    assert.equal(bar(1, { width: 4, ascii: false }), '████');
    assert.equal(bar(0.53125, { width: 4, ascii: false }), '██▏');
    assert.equal(bar(0.5, { width: 4, ascii: true }), '##');
  });

  test('nothing is nothing, and little can be seen', () => {
    for (const ascii of [true, false]) {
      assert.equal(bar(0, { width: 10, ascii }), '');
      assert.equal(stringWidth(bar(0.0001, { width: 10, ascii })), 1);
    }
  });
});

suite('columns over time', () => {
  test('the highest at the top, zero at the foot, the ends named', () => {
    assert.deepEqual(columnChart({ values: [3, 0, 6], ends, format }, { width: 40, ascii: false }), [
      '6 ┤            █████',
      '  ┤            █████',
      '  ┤            █████',
      '  ┤█████       █████',
      '  ┤█████       █████',
      '0 ┤█████       █████',
      '   first        last',
    ]);
  });

  test('in ASCII there is nothing else', () => {
    const lines = columnChart({ values: [1, 2, 3, 4], ends, format }, { width: 40, ascii: true });
    assert.match(lines.join('\n'), /^[ -~\n]+$/);
  });

  test('more values than columns are averaged, which is said', () => {
    const values = Array.from({ length: 100 }, () => 5);
    const lines = columnChart({ values, ends, format }, { width: 30, ascii: false });
    assert.match(lines.at(-1)!, /each column is the mean of 4 rows/);
    assert.ok(lines.slice(0, -1).every((line) => stringWidth(line) <= 30));
  });

  test('whatever the values, the chart is as wide as it may be at most and shows each value that is not nothing', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 60 }), fc.boolean(), (values, ascii) => {
        fc.pre(values.some((one) => one > 0));
        const lines = columnChart({ values, ends, format }, { width: 80, ascii });
        assert.ok(lines.every((line) => stringWidth(line) <= 80));
        const foot = lines[5]!.split(ascii ? '|' : '┤')[1]!;
        assert.ok(foot.trim().length >= 1);
      }),
    );
  });
});
