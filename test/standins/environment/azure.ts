import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf } from '../../../src/errors.ts';
import type { Certificates } from '../../helpers/certificates.ts';
import { fakeProgram } from '../../helpers/fake-program.ts';
import type { Arm } from '../arm/arm.ts';
import { standinAz, unpackAzureCli } from '../azure-cli.ts';

type Env = Record<string, string>;

/**
 * The real az, pointed at the stand-in and logged in there; the login of an earlier call is used again.
 * @returns the environment it needs; where it cannot be had, why, and one in which az says so: the machine's own az would
 * be logged in to Azure.
 */
export async function prepareAz(
  folder: string,
  arm: Arm,
  { caFile }: Certificates,
  report: (activity: string) => void,
  unpack = unpackAzureCli,
): Promise<{ env: Env; missing?: string }> {
  const file = join(folder, 'az.json');
  try {
    const bin = await unpack(report);
    const env = readLogin(file) ?? (await logIn({ arm, folder, caFile, bin }, file));
    return { env: { ...env, PATH: first(bin) } };
  } catch (error) {
    const missing = messageOf(error);
    return { env: { PATH: first(refusingAz(folder, missing)) }, missing };
  }
}

const first = (folder: string) => `${folder}${delimiter}${process.env.PATH}`;

function refusingAz(folder: string, why: string): string {
  const bin = join(folder, 'no-az');
  const file = join(bin, 'why');
  fakeProgram(join(bin, 'az'), 'cat "$(dirname "$0")/why" >&2\nexit 1');
  writeFileSync(file, `az: not run among the stand-ins (${why})\n`);
  return bin;
}

function readLogin(file: string): Env | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Env) : undefined;
}

async function logIn(options: Parameters<typeof standinAz>[0], file: string): Promise<Env> {
  // What a login that was cut off has left would be in the way.
  rmSync(join(options.folder, 'azure'), { recursive: true, force: true });
  const env = await standinAz(options);
  writeFileSync(file, JSON.stringify(env));
  return env;
}
