import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailed, run } from '../exec/run.ts';

/** Runs one of apt's programs and gives what it wrote to stdout. */
export type Apt = (program: 'apt-get' | 'apt-cache', args: readonly string[], cwd?: string) => Promise<string>;

export function aptWith(options: readonly string[], signal: AbortSignal | undefined): Apt {
  return async (program, args, cwd) => {
    const { stdout } = await run({
      file: program,
      // The packages land in a folder of ours, which apt's own sandbox user may not enter.
      args: ['-o', 'APT::Sandbox::User=', ...options, ...args],
      // Its messages are read, so they have to be in English.
      env: { LC_ALL: 'C' },
      ...(cwd && { cwd }),
      ...(signal && { signal }),
    });
    return stdout;
  };
}

/** Package lists of our own from the machine's own sources: for an ordinary user, or when the system's are stale. */
export async function privateApt(stateDir: string, signal: AbortSignal | undefined): Promise<Apt> {
  const lists = join(stateDir, 'lists');
  const archives = join(stateDir, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(archives, 'archives', 'partial'), { recursive: true });
  const options = [`Dir::State::lists=${lists}`, `Dir::Cache=${archives}`, 'Acquire::Languages=none'];
  const apt = aptWith(
    options.flatMap((option) => ['-o', option]),
    signal,
  );
  await apt('apt-get', ['-qq', 'update']);
  return apt;
}

/** The names after "Inst" in what `apt-get -s install` would do: the package and what the machine lacks for it. */
export function parseSimulatedInstall(output: string): string[] {
  return [...output.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
}

/**
 * The first of the candidates that the distribution has, with everything the machine lacks for it.
 * @throws {Error} with what apt said of each candidate.
 */
export async function resolvePackages(apt: Apt, candidates: readonly string[]): Promise<string[]> {
  const reasons: string[] = [];
  for (const name of candidates) {
    try {
      const output = await apt('apt-get', ['-s', '--no-install-recommends', '--reinstall', 'install', name]);
      return parseSimulatedInstall(output);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      reasons.push(error.stderr.trim().split('\n').at(-1) ?? error.message);
    }
  }
  throw new Error(reasons.join('; '));
}
