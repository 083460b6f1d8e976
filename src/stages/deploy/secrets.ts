import { createHmac } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { PemProblem, readPem } from './certificates/pem.ts';
import { SECRET_BYTES } from './secrets/base-secrets.ts';
import { type BroughtFiles, deriveSecrets } from './secrets/derive.ts';
import { provideBase, readSecretFile } from './secrets/provide-base.ts';
import type { SecretName } from './services.ts';
import { type Site, sitePaths } from './site.ts';

/** The secrets of a site, in memory. */
export interface SiteSecrets {
  /** What goes into each file on the servers; the end of a line is not part of it. */
  values: Readonly<Partial<Record<SecretName, string>>>;
  /** Of each value, with a key that never leaves this machine: they tell a change and nothing else. */
  hashes: Readonly<Partial<Record<SecretName, string>>>;
  /** Files of `.oms/<env>/secrets` that are not there yet, by name: what was made in this run. */
  made: ReadonlyMap<string, string>;
}

export interface StagedSecrets extends Pick<SiteSecrets, 'hashes'> {
  /** One file a secret, for the time of the run. */
  folder: string;
  names: SecretName[];
  /** Call it however the run ends. */
  remove(): Promise<void>;
}

/** Key of the hashes, beside the secrets and of no use without them. */
const HASH_KEY = 'hash-key';

/** @throws when they cannot be written. */
export async function keepSecrets(site: Site, { made }: Pick<SiteSecrets, 'made'>, { machine, settings }: Context) {
  if (made.size === 0) return;
  const folder = sitePaths(settings.dir, site.name).secrets;
  await machine.makeFolder(folder);
  for (const [name, value] of made) machine.writeText(join(folder, name), `${value}\n`);
}

/** @throws {OmsError} credential_missing naming each file that cannot be read */
async function readBrought({ certificates, events }: Site): Promise<BroughtFiles> {
  const wanted: [keyof BroughtFiles, string, string][] = [
    ...(events.kind === 'azure'
      ? ([['azure-certificate', events.certificate, '--azure-certificate FILE']] as [
          keyof BroughtFiles,
          string,
          string,
        ][])
      : []),
    ...(certificates.kind === 'files'
      ? ([
          ['tls-certificate', certificates.certificate, '--certificate FILE'],
          ['tls-key', certificates.key, '--certificate-key FILE'],
        ] as [keyof BroughtFiles, string, string][])
      : []),
  ];
  const problems: { name: string; why: string; flag: string }[] = [];
  const files: BroughtFiles = {};
  for (const [name, file, flag] of wanted) {
    try {
      files[name] = (await readPem(file)).text;
    } catch (error) {
      if (!(error instanceof PemProblem)) throw error;
      problems.push({ name, why: error.message, flag });
    }
  }
  if (problems.length === 0) return files;
  throw new OmsError('credential_missing', `missing: ${problems.map(({ name }) => name).join(', ')}`, {
    why: problems.map(({ why }) => why).join('; '),
    next: problems.map(({ flag }) => flag),
  });
}

/** Everything that is missing in one error: whoever brings one file shall not be sent for the next one. */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const outcomes = await Promise.allSettled([first, second]);
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  const missing = errors.filter(
    (error) => error instanceof OmsError && error.code === 'credential_missing',
  ) as OmsError[];
  if (missing.length === 2) {
    throw new OmsError(
      'credential_missing',
      missing
        .map(({ message }) => message)
        .join(', ')
        .replaceAll(', missing: ', ', '),
      {
        why: missing.map(({ why }) => why).join('; '),
        next: missing.flatMap(({ next }) => next),
      },
    );
  }
  if (errors.length > 0) throw errors[0];
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as [A, B];
}

/**
 * The secrets of a site: those of the key vault, those kept here, and new ones where there are none yet.
 * @param keep whether new ones are written down in `.oms/<env>/secrets` at once; the caller may do that later, once it is
 * agreed to, with keepSecrets.
 * @throws {OmsError} credential_missing naming all that somebody has to bring; input_file for values that cannot be used;
 * login_missing, tool_missing or azure_failed where the vault cannot be read.
 */
export async function siteSecrets(site: Site, context: Context, { keep }: { keep: boolean }): Promise<SiteSecrets> {
  const [base, files] = await together(provideBase(site, context), readBrought(site));
  const known = await readSecretFile(join(sitePaths(context.settings.dir, site.name).secrets, HASH_KEY));
  const key = known || context.machine.randomSecret(SECRET_BYTES);
  const made = new Map<string, string>([...base.made, ...(known ? [] : [[HASH_KEY, key] as const])]);
  if (keep) await keepSecrets(site, { made }, context);
  const values = deriveSecrets(site, base.values, files);
  const hash = ([name, value]: [string, string]) => [
    name,
    createHmac('sha256', key).update(`${name}\0${value}`).digest('hex'),
  ];
  return { values, hashes: Object.fromEntries(Object.entries(values).map(hash)), made };
}

/**
 * A site that runs was deployed with a key for its hashes: where that is new, its passwords are, too, and the database
 * would let nobody in.
 * @throws {OmsError} credential_missing
 */
export function refuseNewSecrets(
  site: Site,
  { made }: Pick<SiteSecrets, 'made'>,
  hosts: readonly { host: string; state?: { release: string } | null }[],
  { settings }: Context,
): void {
  const running = hosts.find(({ state }) => state);
  if (!running || !made.has(HASH_KEY)) return;
  const { secrets } = sitePaths(settings.dir, site.name);
  throw new OmsError('credential_missing', `the secrets that ${site.name} runs with are not here`, {
    why: `${running.host} runs release ${running.state!.release}, and there is no ${join(secrets, HASH_KEY)}: it was deployed from another machine or folder`,
    next: [`bring the whole folder ${secrets} from there, then repeat this`],
  });
}

/**
 * Lays the files of the secrets down for Ansible, which copies them to the servers; what an earlier run that was cut off
 * has left there goes first.
 */
export async function stageSecrets(site: Site, context: Context, secrets?: SiteSecrets): Promise<StagedSecrets> {
  const { values, hashes } = secrets ?? (await siteSecrets(site, context, { keep: true }));
  const folder = join(sitePaths(context.settings.dir, site.name).deploy, 'secrets');
  const remove = () => rm(folder, { recursive: true, force: true });
  await remove();
  await context.machine.makeFolder(folder);
  try {
    for (const [name, value] of Object.entries(values)) context.machine.writeText(join(folder, name), value);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, names: Object.keys(values) as SecretName[], hashes, remove };
}
