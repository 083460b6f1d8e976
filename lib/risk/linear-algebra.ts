/**
 * Solves A x = b for a symmetric positive definite A (row-major, size x size) by Cholesky's method; A is overwritten.
 * @throws {RangeError} when A is not positive definite
 */
export function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  factorise(a, size);
  const x = Float64Array.from(b);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) x[row]! -= a[row * size + column]! * x[column]!;
    x[row]! /= a[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let below = row + 1; below < size; below++) x[row]! -= a[below * size + row]! * x[below]!;
    x[row]! /= a[row * size + row]!;
  }
  return x;
}

/** Leaves L with L L' = A in the lower triangle. */
function factorise(a: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= a[row * size + k]! * a[column * size + k]!;
      if (row === column) {
        if (!(sum > 0)) throw new RangeError('the matrix is not positive definite');
        a[row * size + row] = Math.sqrt(sum);
      } else {
        a[row * size + column] = sum / a[column * size + column]!;
      }
    }
  }
}
