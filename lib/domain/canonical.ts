import { hash } from 'node:crypto';

/** JSON with object keys in code-unit order and no blanks, so that equal values give equal text (RFC 8785 for our types). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** 32 hexadecimal digits that stand for a request: the same for bodies that differ only in key order or blanks. */
export function requestHash(body: unknown): string {
  return hash('sha256', canonicalJson(body), 'hex').slice(0, 32);
}
