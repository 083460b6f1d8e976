import { isObject, type ObjectValue } from '../../values.ts';

export type Json = { [name: string]: unknown };

/** One place where an argument of Terraform's and a property of Azure's say the same. */
export interface Field {
  /** Argument; without one the property is only written. */
  name?: string;
  /** Property, by dots. */
  path: string;
  /** @returns undefined leaves the property out. */
  write?: (value: unknown, whole: ObjectValue) => unknown;
  /** Without it Azure is not asked. `before` is what the state says. */
  read?: (property: unknown, before: unknown) => unknown;
}

/** The same on both sides. */
export const same = (name: string, path: string): Field => ({
  name,
  path,
  write: (value) => value,
  read: (value) => value,
});

/** One side says enabled, the other disabled. */
export const opposite = (name: string, path: string): Field => ({
  name,
  path,
  write: (value) => !value,
  read: (value) => !value,
});

/** A bool here, a word there. */
export const worded = (name: string, path: string, yes: string, no: string): Field => ({
  name,
  path,
  write: (value) => (value ? yes : no),
  read: (value) => value === yes,
});

/** Written when it is made, never asked back. */
export const given = (name: string, path: string): Field => ({ name, path, write: (value) => value });

/** Follows from the other arguments. */
export const derived = (path: string, write: (whole: ObjectValue) => unknown): Field => ({
  path,
  write: (_value, whole) => write(whole),
});

/** A block of at most one here, an object there. */
export const block = (name: string, path: string, fields: readonly Field[]): Field => ({
  name,
  path,
  write: (value) => (Array.isArray(value) && isObject(value[0]) ? writeFields(fields, value[0]) : undefined),
  read: (property, before) => {
    const [inner] = Array.isArray(before) ? before : [];
    const isThere = typeof property === 'object' && property !== null && (property as Json).enabled !== false;
    return isThere ? [readFields(fields, property as Json, isObject(inner) ? inner : {})] : [];
  },
});

/** Blocks here, a list of objects there. */
export const blocks = (name: string, path: string, fields: readonly Field[]): Field => ({
  name,
  path,
  write: (value) => (Array.isArray(value) ? value.filter(isObject).map((one) => writeFields(fields, one)) : undefined),
  read: (property, before) => {
    const known = Array.isArray(before) ? before.filter(isObject) : [];
    return ((property ?? []) as Json[]).map((one, index) => readFields(fields, one, known[index] ?? {}));
  },
});

/** What is to be written to Azure. */
export function writeFields(fields: readonly Field[], value: ObjectValue): Json {
  const body: Json = {};
  for (const { name, path, write } of fields) {
    const property = write?.(name === undefined ? undefined : value[name], value);
    if (property !== undefined && property !== null) put(body, path.split('.'), property);
  }
  return body;
}

/** The state, with what Azure says now. */
export function readFields(fields: readonly Field[], body: Json, state: ObjectValue): ObjectValue {
  const next = { ...state };
  for (const { name, path, read } of fields) {
    if (name === undefined || read === undefined) continue;
    const before = state[name] ?? null;
    const value = read(get(body, path.split('.')), before) ?? null;
    // Nothing given and nothing there is no difference, however Azure writes nothing.
    next[name] = before === null && isNothing(value) ? null : value;
  }
  return next;
}

function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return !value;
}

function put(body: Json, [first = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    body[first] = value;
    return;
  }
  body[first] ??= {};
  put(body[first] as Json, rest, value);
}

function get(body: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Json | null | undefined)?.[name], body);
}
