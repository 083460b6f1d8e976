import { readFileSync } from 'node:fs';
import { type Static, type TObject, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Clean, Convert, Default } from 'typebox/value';

/** An environment that does not fit what the process needs; the message names every variable at fault. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** A TCP port in an environment schema. */
export const Port = (options: { default?: number } = {}) => Type.Integer({ minimum: 0, maximum: 65_535, ...options });

/** The value of a variable, or what is in the file that NAME_FILE names: how containers are handed secrets. */
function givenValue(name: string, source: NodeJS.ProcessEnv): string | undefined {
  const file = source[`${name}_FILE`];
  if (source[name] || !file) return source[name];
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new EnvironmentError(`environment: ${name}_FILE cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Reads the variables a process needs, once, at its start; for each NAME also NAME_FILE, a file with the value.
 * Text becomes numbers or booleans as the schema says; empty variables count as absent; others are ignored.
 * @throws {EnvironmentError} naming each variable that is missing or wrong. Values are never repeated: they may be secrets.
 */
export function readEnv<S extends TObject>(schema: S, source: NodeJS.ProcessEnv = process.env): Static<S> {
  const given = Object.fromEntries(
    Object.keys(schema.properties).flatMap((name) => {
      const value = givenValue(name, source);
      return value ? [[name, value]] : [];
    }),
  );
  const value = Clean(schema, Convert(schema, Default(schema, given)));
  const validator = Compile(schema);
  if (validator.Check(value)) return value as Static<S>;
  const problems = validator.Errors(value).map((error) => {
    const missing = 'requiredProperties' in error.params ? error.params.requiredProperties : undefined;
    return missing ? `${missing.join(', ')} is missing` : `${error.instancePath.slice(1)} ${error.message}`;
  });
  throw new EnvironmentError(`environment: ${problems.join('; ')}`);
}

/** The environment of this process with some variables added or replaced, for a child. */
export function environmentWith(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}
