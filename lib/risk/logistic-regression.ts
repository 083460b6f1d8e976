import { solveSymmetric } from './linear-algebra.ts';

/** Rows of numbers, one after the other, with what each row turned out to be (1 or 0) and how much it counts. */
export interface Samples {
  /** Without NaN; the first column is the constant 1. */
  rows: Float64Array;
  columns: number;
  labels: Uint8Array;
  /** How much a row with label 1 counts; a row with label 0 counts 1. */
  positiveWeight: number;
}

const MOST_STEPS = 30;
/** No weight moves by more than this in the last step. */
const TOLERANCE = 1e-7;

interface Step {
  gradient: Float64Array;
  hessian: Float64Array;
}

function addRow(step: Step, row: Float64Array, slope: number, curvature: number): void {
  const { gradient, hessian } = step;
  const { length } = row;
  for (let i = 0; i < length; i++) {
    const value = row[i]!;
    if (value === 0) continue;
    gradient[i]! += slope * value;
    const scaled = curvature * value;
    for (let j = 0; j <= i; j++) hessian[i * length + j]! += scaled * row[j]!;
  }
}

/** Slope and curvature of the weighted log-likelihood at `weights`, less the penalty on all weights but the constant's. */
function lookAround({ rows, columns, labels, positiveWeight }: Samples, weights: Float64Array, penalty: number): Step {
  const step = { gradient: new Float64Array(columns), hessian: new Float64Array(columns * columns) };
  for (let n = 0; n < labels.length; n++) {
    const row = rows.subarray(n * columns, (n + 1) * columns);
    let exponent = 0;
    for (let i = 0; i < columns; i++) exponent += row[i]! * weights[i]!;
    const probability = 1 / (1 + Math.exp(-exponent));
    const counts = labels[n] === 1 ? positiveWeight : 1;
    addRow(step, row, counts * (labels[n]! - probability), counts * probability * (1 - probability));
  }
  for (let i = 1; i < columns; i++) {
    step.gradient[i]! -= penalty * weights[i]!;
    step.hessian[i * columns + i]! += penalty;
  }
  step.hessian[0]! += 1e-9;
  return step;
}

/**
 * Weights of a logistic regression with an L2 penalty, by Newton's method (iteratively reweighted least squares).
 * The penalty keeps the problem convex with a finite optimum, also when the classes can be told apart exactly.
 * @returns one weight a column, the constant's first
 */
export function fitLogistic(samples: Samples, penalty: number): Float64Array {
  const weights = new Float64Array(samples.columns);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, hessian } = lookAround(samples, weights, penalty);
    const move = solveSymmetric(hessian, gradient);
    let largest = 0;
    for (let i = 0; i < weights.length; i++) {
      weights[i]! += move[i]!;
      largest = Math.max(largest, Math.abs(move[i]!));
    }
    if (largest < TOLERANCE) break;
  }
  return weights;
}
