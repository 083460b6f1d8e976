import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf } from '../../../src/errors.ts';
import type { Certificates } from '../../helpers/certificates.ts';
import type { Arm } from '../arm/arm.ts';
import { standinAz, unpackAzureCli } from '../azure-cli.ts';

type Env = Record<string, string>;

/**
 * The real az, pointed at the stand-in and logged in there; the login of an earlier call is used again.
 * @returns the environment it needs, or why there is none.
 */
export async function prepareAz(
  folder: string,
  arm: Arm,
  { caFile }: Certificates,
  report: (activity: string) => void,
): Promise<{ env: Env; missing?: string }> {
  const file = join(folder, 'az.json');
  try {
    const bin = await unpackAzureCli(report);
    const env = readLogin(file) ?? (await logIn({ arm, folder, caFile, bin }, file));
    return { env: { ...env, PATH: `${bin}${delimiter}${process.env.PATH}` } };
  } catch (error) {
    return { env: {}, missing: messageOf(error) };
  }
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
