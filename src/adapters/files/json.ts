import { lstatSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { writeFileAtomically } from '../../../lib/runtime/supervision.ts';

/** A JSON file that fits the schema; undefined when there is none, or when it holds something else. */
export async function readJson<S extends TSchema>(file: string, schema: S): Promise<Static<S> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Compile(schema).Check(value) ? (value as Static<S>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Replaces a file in one step; readable by its owner alone unless another mode is given. What is there and is no file
 * (/dev/stdout, a pipe, a link) is written to and stays what it is.
 */
export function writeText(file: string, text: string, mode?: number): void {
  const isOther = lstatSync(file, { throwIfNoEntry: false })?.isFile() === false;
  if (isOther) writeFileSync(file, text);
  else writeFileAtomically(file, text, mode);
}

/** Replaces a JSON file in one step; readable by its owner alone. */
export function writeJson(file: string, value: unknown): void {
  writeFileAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}
