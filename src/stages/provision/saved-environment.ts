import { readFile, stat } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import { messageOf, OmsError } from '../../errors.ts';
import { formatCount } from '../../ui/format.ts';
import { visible } from '../../ui/visible.ts';
import { Environment, environmentPaths } from './environment.ts';
import { illegalName } from './naming.ts';

const validator = Compile(Environment);

function corrupt(file: string, name: string, why: string): OmsError {
  return new OmsError('input_file', `${file} cannot be used as what is known of ${name}`, {
    why,
    next: [
      'put the file back from a copy',
      `or move it away and call "oms provision --env ${name}" with the flags it was made with: names follow from subscription and environment, so that what exists is found again`,
    ],
  });
}

/** An environment is a thousandth of this. */
const MOST_BYTES = 1_000_000;

async function readText(file: string, name: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw new Error(`it has ${formatCount(size)} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw corrupt(file, name, messageOf(error));
  }
}

function parseJson(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `it is no JSON: ${visible(messageOf(error))}` };
  }
}

/** What keeps a value from being the environment of this name; undefined when nothing does. */
function problemOf(value: unknown, name: string): string | undefined {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1) return `it was written by a newer oms (version ${version})`;
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value);
    return `${first?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${first?.message}`;
  }
  if (value.name !== name) return `it is about another environment, ${JSON.stringify(value.name.slice(0, 20))}`;
  return illegalName(value.name, value.names);
}

/**
 * What was saved of an environment; undefined when nothing was.
 * @param dir the folder of everything of ours (Settings.dir).
 * @throws {OmsError} input_file when there is a file that is damaged: it is never passed over.
 */
export async function readEnvironment(dir: string, name: string): Promise<Environment | undefined> {
  const file = environmentPaths(dir, name).environment;
  const text = await readText(file, name);
  if (text === undefined) return undefined;
  const parsed = parseJson(text);
  const problem = 'problem' in parsed ? parsed.problem : problemOf(parsed.value, name);
  if (problem !== undefined) throw corrupt(file, name, problem);
  return (parsed as { value: Environment }).value;
}
