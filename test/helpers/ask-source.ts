import type { AskSource } from '../../lib/query/ask.ts';
import { CATALOGUE } from '../fixtures/ask/catalogue.ts';

/** A database that gives the same rows whatever is asked, and keeps what it was asked. */
export function fixedSource(
  rows: (string | number)[][] = [['Copper Kettle', 1_250, 1]],
  products: readonly string[] = [],
): AskSource & { statements: string[] } {
  const statements: string[] = [];
  const values = { ...CATALOGUE.values, product: [...CATALOGUE.values.product!, ...products] };
  return {
    statements,
    catalogue: async () => ({ ...CATALOGUE, values }),
    rows: async ({ text }) => {
      statements.push(text);
      return rows;
    },
  };
}
