import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { renderTable } from '../../../../src/ui/table.ts';

const columns = Array.from({ length: 8 }, (_, index) => ({
  title: `column ${index}`,
  value: (row: string) => row,
}));

for (const width of [20, 40, 80, 200]) {
  test(`a table is no wider than ${width} columns, even where every column is at its narrowest`, () => {
    const lines = renderTable(['short', 'a rather long value', '漢字漢字漢字漢字'], columns, width).split('\n');
    assert.equal(lines.length, 5);
    assert.deepEqual(
      lines.filter((line) => stringWidth(line) > width),
      [],
    );
  });
}
