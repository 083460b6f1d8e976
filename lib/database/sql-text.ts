import { escape as escapeString } from 'mysql2';

/**
 * SQL text of our own for writing many rows in one packet: measured a quarter faster than bound parameters, which
 * walk and copy the text once more. Every value passes through one of these literals.
 */
export type Literal = string;

/** Letters, digits and a few marks need no escaping; most codes and references are nothing else. */
const PLAIN = /^[A-Za-z0-9 ._:@/+=-]*$/;

export const text = (value: string): Literal => (PLAIN.test(value) ? `'${value}'` : escapeString(value));

export const textOrNull = (value: string | null | undefined): Literal => (value == null ? 'NULL' : text(value));

/** @throws {RangeError} for anything but a safe integer: nothing else may reach a numeric column */
export function integer(value: number): Literal {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer`);
  return String(value);
}

/** Hexadecimal digits as a binary literal; a UUID's dashes are left out. */
export function binary(hex: string): Literal {
  const digits = hex.replaceAll('-', '');
  if (!/^[0-9a-f]*$/.test(digits)) throw new RangeError('not hexadecimal');
  return `x'${digits}'`;
}

export const bytes = (value: Uint8Array): Literal => `x'${Buffer.from(value).toString('hex')}'`;

/** UTC, milliseconds: '2026-11-21 02:17:00.123'. */
export const time = (ms: number): Literal => `'${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}'`;

/** One multi-row INSERT; '' when there are no rows, so that statements can be joined. */
export function insert(into: string, rows: readonly (readonly Literal[])[], verb = 'INSERT'): string {
  return rows.length === 0 ? '' : `${verb} INTO ${into} VALUES ${rows.map((row) => `(${row.join(',')})`).join(',')};`;
}
