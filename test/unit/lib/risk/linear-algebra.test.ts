import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { solveSymmetric } from '../../../../lib/risk/linear-algebra.ts';

const number = fc.double({ min: -10, max: 10, noNaN: true });

suite('solveSymmetric', () => {
  test("solves A x = b for A = M M' + I", () => {
    const size = 4;
    const numbers = (length: number) => fc.array(number, { minLength: length, maxLength: length });
    fc.assert(
      fc.property(numbers(size * size), numbers(size), (m, b) => {
        const a = Float64Array.from({ length: size * size }, (_, at) => {
          const [row, column] = [Math.floor(at / size), at % size];
          let sum = row === column ? 1 : 0;
          for (let k = 0; k < size; k++) sum += m[row * size + k]! * m[column * size + k]!;
          return sum;
        });
        const x = solveSymmetric(Float64Array.from(a), Float64Array.from(b));
        for (let row = 0; row < size; row++) {
          let sum = 0;
          for (let column = 0; column < size; column++) sum += a[row * size + column]! * x[column]!;
          assert.ok(Math.abs(sum - b[row]!) < 1e-6, `${sum} is not ${b[row]}`);
        }
      }),
    );
  });

  test('refuses a matrix that is not positive definite', () => {
    assert.throws(() => solveSymmetric(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1)), RangeError);
  });
});
