import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { isPlainPassword } from '../../../tools/site-accounts.ts';
import { type Site, sitePaths } from '../site.ts';
import { type BaseName, type BaseSecret, type BaseValues, baseSecretsOf, SECRET_BYTES } from './base-secrets.ts';
import { readVault } from './vault.ts';

/** One line without its end; undefined when there is no such file. */
export async function readSecretFile(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text?.replace(/\r?\n$/, '');
}

/** Webhook secrets and tokens shorter than this are refused by the apps. */
const SHORTEST_TOKEN = 16;

const fits = (value: string, { form }: BaseSecret): boolean =>
  form === 'password' ? isPlainPassword(value) : value.length >= SHORTEST_TOKEN && /^[\x21-\x7e]+$/.test(value);

const FORMS = {
  password: 'a password of 16 to 128 letters, digits, _ or -',
  token: `one line of ${SHORTEST_TOKEN} or more characters without blanks`,
} as const;

function refuseUnfit(site: Site, values: BaseValues, sources: ReadonlyMap<BaseName, string>): void {
  const unfit = baseSecretsOf(site).filter(([name, secret]) => {
    const value = values[name];
    return value !== undefined && !fits(value, secret);
  });
  if (unfit.length === 0) return;
  throw new OmsError('input_file', `${unfit.map(([name]) => name).join(', ')}: not a value that can be used`, {
    why: unfit.map(([name, { form }]) => `${sources.get(name)} does not hold ${FORMS[form]}`).join('; '),
    next: ['correct it, or remove a file that oms has made: it is made anew'],
  });
}

function refuseMissing(missing: readonly [BaseName, BaseSecret][], folder: string): void {
  if (missing.length === 0) return;
  throw new OmsError('credential_missing', `missing: ${missing.map(([name]) => name).join(', ')}`, {
    why: missing.map(([name, { hint }]) => `${name} is ${hint}`).join('; '),
    next: missing.map(([name]) => `put it as one line into ${join(folder, name)} (chmod 600)`),
  });
}

export interface Provided {
  values: BaseValues;
  /** Those that were made here; the caller writes them down, or the next call makes others. */
  made: ReadonlyMap<BaseName, string>;
}

/**
 * The secrets that everything else is put together from: the vault's, those of the files, and new ones.
 * @throws {OmsError} credential_missing naming each one that somebody has to bring; input_file for values that cannot be
 * used; login_missing, tool_missing or azure_failed of the vault.
 */
export async function provideBase(site: Site, context: Context): Promise<Provided> {
  const { machine, settings } = context;
  const folder = sitePaths(settings.dir, site.name).secrets;
  const wanted = baseSecretsOf(site);
  const files = new Map<BaseName, string | undefined>();
  for (const [name] of wanted) files.set(name, await readSecretFile(join(folder, name)));
  const inFiles = wanted.flatMap(([, { vault }]) => vault ?? []);
  const vault = await readVault(site, inFiles, context);
  const known = (name: BaseName, secret: BaseSecret) => (secret.vault && vault.get(secret.vault)) ?? files.get(name);
  refuseMissing(
    wanted.filter(([name, secret]) => secret.origin === 'brought' && !known(name, secret)),
    folder,
  );
  const made = new Map(
    wanted
      .filter(([name, secret]) => secret.origin === 'made' && !known(name, secret))
      .map(([name]) => [name, machine.randomSecret(SECRET_BYTES)]),
  );
  const values: BaseValues = Object.fromEntries(
    wanted.flatMap(([name, secret]) => {
      const value = made.get(name) ?? known(name, secret);
      return value ? [[name, value]] : [];
    }),
  );
  const sources = wanted.map(([name, secret]): [BaseName, string] => {
    const fromVault = secret.vault !== undefined && vault.has(secret.vault);
    return [name, fromVault ? `the vault's ${secret.vault}` : join(folder, name)];
  });
  refuseUnfit(site, values, new Map(sources));
  return { values, made };
}
