import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** JSON text that fits the schema; undefined for what is not there, or is something else. */
export function readRecord<S extends TSchema>(text: string | null | undefined, schema: S): Static<S> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return Compile(schema).Check(value) ? (value as Static<S>) : undefined;
  } catch {
    return undefined;
  }
}
