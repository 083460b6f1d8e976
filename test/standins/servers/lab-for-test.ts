import type { TestContext } from 'node:test';
import { type Lab, type LabOptions, NoLab, startLab } from './lab.ts';

const WAIT_MS = 240_000;

/**
 * A lab that ends with the test. What it says is in the test's output.
 * @returns undefined where this machine cannot be one, which the test's output says as well.
 */
export async function labForTest(t: TestContext, options: Omit<LabOptions, 'log'>): Promise<Lab | undefined> {
  try {
    const lab = await startLab({ waitMs: WAIT_MS, ...options, log: (line) => t.diagnostic(line) });
    t.after(() => lab.stop());
    return lab;
  } catch (error) {
    if (!(error instanceof NoLab)) throw error;
    t.diagnostic(`servers: not run (${error.message})`);
    return undefined;
  }
}
