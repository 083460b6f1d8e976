import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import type { ArchiveFacts, Management } from '../../adapters/azure/cloud.ts';
import { readJson, writeJson } from '../../adapters/files/json.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { type Asking, confirmTyped } from '../../ui/confirm.ts';
import { CanaryReport } from './canary.ts';
import { type Environment, environmentPaths } from './environment.ts';
import type { Outputs } from './outputs.ts';
import { ARCHIVE_DAYS } from './topology.ts';

export interface LockOptions {
  /** What the canary of this run has shown; without it the reports of earlier runs are looked through. */
  canary?: CanaryReport | undefined;
  /** Names typed beforehand; the account's has to be among them. */
  confirm?: readonly string[] | undefined;
}

export interface LockReport {
  account: string;
  container: string;
  days: number;
  /** False when it was locked before. */
  changed: boolean;
  /** The file that showed that Capture reaches the archive. */
  provenBy: string | undefined;
}

/** Of a run's report, what is looked for here. */
const ProvenRun = Type.Object({ canary: CanaryReport });

/** The file that the newest run found its canary in, of those whose canary came into this account. */
async function findProof(runs: string, account: string): Promise<string | undefined> {
  // The names of runs sort by time.
  const names = await readdir(runs).catch(() => []);
  for (const name of names.sort().reverse()) {
    const report = await readJson(join(runs, name, 'report.json'), ProvenRun);
    if (report?.canary.archive.account === account) return report.canary.archive.file;
  }
  return undefined;
}

/** Once locked, a policy that keeps Capture from writing could never be taken back: the way in has to be proven. */
async function requireProof(environment: Environment, account: string, options: LockOptions, context: Context) {
  const { canary } = options;
  if (canary?.archive.account === account) return canary.archive.file;
  const { runs } = environmentPaths(context.settings.dir, environment.name);
  const proof = await findProof(runs, account);
  if (proof) return proof;
  throw new OmsError('refused', `nothing shows yet that events reach ${account}; it was not locked`, {
    why: 'a locked archive that nothing can be written to could neither be mended nor removed',
    next: [`oms provision --env ${environment.name}`, 'when its canary was found in the archive, lock it'],
  });
}

const meaning = (account: string, container: string, days: number) =>
  [
    `Locking ${account}/${container} cannot be undone, by nobody:`,
    `  every file is kept unchanged for ${days} days from when it was written, and so is every file to come;`,
    '  the time can be made longer, five times, and never shorter;',
    `  as long as any file is younger, neither the container, nor ${account}, nor its resource group can be deleted,`,
    '  oms destroy will leave all three, and they are paid for until then.',
  ].join('\n');

const lockCall = ({ name }: Pick<Environment, 'name'>, account: string) =>
  `oms provision --env ${name} --lock-archive --confirm ${account}`;

function refuseOtherNames(account: string, environment: Pick<Environment, 'name'>, confirm: readonly string[] = []) {
  if (confirm.length === 0) return;
  throw new OmsError('refused', `--confirm names ${confirm.join(', ')}, the archive is ${account}; it was not locked`, {
    next: [lockCall(environment, account)],
  });
}

/**
 * Says before a long run what would be said at its end: without the account's name, and nobody to type it, the archive
 * is not locked.
 * @throws {OmsError} refused
 */
export function refuseUnansweredLock(
  environment: Pick<Environment, 'name' | 'names' | 'archiveLocked'>,
  confirm: readonly string[] | undefined,
  { terminal }: Pick<Context, 'terminal'>,
): void {
  const { names, archiveLocked } = environment;
  const account = names.archiveAccount;
  if (archiveLocked || confirm?.includes(account)) return;
  refuseOtherNames(account, environment, confirm);
  if (terminal.interactive) return;
  const message = `locking needs "${account}" to be typed, and there is no terminal to ask on; it was not locked`;
  throw new OmsError('refused', message, { next: [lockCall(environment, account)] });
}

async function requireTypedName(
  environment: Environment,
  policy: Policy,
  options: LockOptions,
  context: Context,
  asking: Asking,
) {
  const { account, container, days } = policy;
  const { terminal, signal } = context;
  if (options.confirm?.includes(account)) return;
  refuseOtherNames(account, environment, options.confirm);
  const flagged = lockCall(environment, account);
  terminal.note(`\n${meaning(account, container, days)}\n`);
  const question = `Type ${account} to lock it for ever:`;
  if (await confirmTyped(terminal, question, account, flagged, { signal, ...asking })) return;
  throw new OmsError('refused', `${account} was not typed; it was not locked`, { next: [flagged] });
}

interface Policy {
  account: string;
  container: string;
  days: number;
}

async function readPolicy(management: Management, group: string, outputs: Outputs) {
  const { account, container } = outputs.archive;
  const facts: ArchiveFacts | undefined = await management.archive(group, account, container);
  if (!facts?.policy || facts.policy.days < ARCHIVE_DAYS) {
    const found = facts?.policy ? `keeps files for ${facts.policy.days} days` : 'has no retention policy';
    throw new OmsError('refused', `${account}/${container} ${found}; it was not locked`, {
      why: `the archive has to keep files for ${ARCHIVE_DAYS} days, and that could hardly be mended afterwards`,
      next: ['oms provision', 'then lock it'],
    });
  }
  return facts.policy;
}

/**
 * Locks the retention of the archive for ever, after a canary was found in it and somebody typed its name; reads back
 * that it is locked, and notes it in environment.json. What is locked already stays so, and nobody is asked.
 * @param asking for tests: other streams than the terminal's
 * @throws {OmsError} refused when anything is missing; azure_failed when Azure does not say "Locked" afterwards
 */
export async function lockArchive(
  environment: Environment,
  outputs: Outputs,
  options: LockOptions,
  context: Context,
  asking: Asking = {},
): Promise<LockReport> {
  const { account, container } = outputs.archive;
  const { resourceGroup: group } = environment.names;
  const management = await context.cloud.management(environment.subscriptionId, environment.tenantId);
  const { days, state, etag } = await readPolicy(management, group, outputs);
  if (state === 'Locked') {
    remember(environment, context);
    return { account, container, days, changed: false, provenBy: undefined };
  }
  const provenBy = await requireProof(environment, account, options, context);
  await requireTypedName(environment, { account, container, days }, options, context, asking);
  context.signal.throwIfAborted();
  await management.lockArchive(group, account, container, etag);
  const after = await readPolicy(management, group, outputs).catch((error: unknown) => {
    // It was taken: whatever keeps it from being read, Terraform must not ask for an unlocked one.
    remember(environment, context);
    throw error;
  });
  if (after.state !== 'Locked') throw notLocked(account, after.state);
  remember(environment, context);
  return { account, container, days: after.days, changed: true, provenBy };
}

const notLocked = (account: string, state: string) =>
  new OmsError('azure_failed', `Azure took the lock of ${account}, and says ${state} when asked`, {
    next: ['look at the policy of the container in the portal', 'run the same command again'],
  });

/** Terraform has to know too: with the variable still false it would want an unlocked policy, which cannot be had. */
function remember(environment: Environment, { settings }: Context): void {
  const paths = environmentPaths(settings.dir, environment.name);
  mkdirSync(paths.folder, { recursive: true });
  environment.archiveLocked = true;
  writeJson(paths.environment, environment);
}
