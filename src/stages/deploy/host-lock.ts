import type { RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { type Asking, confirmTyped } from '../../ui/confirm.ts';
import { appendAudit } from './audit.ts';
import { onHost } from './host-command.ts';
import { bytesOf, TAKE_WHOLE } from './host-file.ts';
import { describeHolder, type HolderState, holderState, type LockHolder, readHolder, whoAmI } from './lock-holder.ts';
import { onAll } from './on-all.ts';
import { type Site, type SitePaths, sitePaths } from './site.ts';
import { targetOf } from './targets.ts';

/** Making a folder is atomic: of two that try, one has it. The holder's name follows, and without it there is no lock. */
const TAKE = `
${TAKE_WHOLE}
umask 022
mkdir -p -- "$1" || exit 1
if ! mkdir -- "$1/lock" 2>/dev/null; then
  [ -d "$1/lock" ] || { echo "$1/lock cannot be made" >&2; exit 1; }
  echo held
  cat -- "$1/lock/holder.json" 2>/dev/null
  exit 0
fi
take_whole "$1/lock/holder.part" "$2" && mv -- "$1/lock/holder.part" "$1/lock/holder.json" && echo taken && exit 0
rm -rf -- "$1/lock"
exit 1`;

/** Only the lock of this run; somebody may have taken it away and another one may have it now. */
const RELEASE = `grep -qF -- "$2" "$1/lock/holder.json" 2>/dev/null && rm -rf -- "$1/lock"; exit 0`;

const READ = `[ -d "$1/lock" ] || exit 0; echo held; cat -- "$1/lock/holder.json" 2>/dev/null; exit 0`;

const REMOVE = `rm -rf -- "$1/lock"`;

/** What is known of a server's lock. */
export interface HostLock {
  host: string;
  held: boolean;
  /** Undefined for one whose name is not there, or not understood. */
  holder: LockHolder | undefined;
}

/** By name: two deployments that want several servers meet at the first one. */
const targetsOf = (site: Site, paths: SitePaths): RemoteTarget[] =>
  site.hosts.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((host) => targetOf(host, site, paths));

function readAnswer(host: string, stdout: string): HostLock {
  const [first = '', ...rest] = stdout.split('\n');
  return { host, held: first === 'held', holder: readHolder(rest.join('\n')) };
}

async function lockedError(site: Site, paths: SitePaths, lock: HostLock, context: Context): Promise<OmsError> {
  const state: HolderState = lock.holder ? await holderState(lock.holder, paths, context) : 'unknown';
  const unlock = `oms deploy --env ${site.name} --unlock`;
  return new OmsError('deploy_locked', `${lock.host} is locked by another deployment`, {
    why: `it is held by ${describeHolder(lock.holder, state)}`,
    next: state === 'ended' ? [unlock] : ['wait until it is done, then try again', `if nobody is at it: ${unlock}`],
  });
}

async function take(target: RemoteTarget, site: Site, paths: SitePaths, holder: LockHolder, context: Context) {
  const input = `${JSON.stringify(holder)}\n`;
  const call = { target, script: TAKE, args: [site.home, bytesOf(input)], input };
  const { stdout } = await onHost({ ...call, purpose: 'its lock could not be taken' }, context);
  const lock = readAnswer(target.name, stdout);
  if (lock.held) throw await lockedError(site, paths, lock, context);
}

async function release(target: RemoteTarget, home: string, run: string, context: Context): Promise<void> {
  const call = { target, script: RELEASE, args: [home, `"${run}"`], purpose: 'its lock could not be released' };
  await onHost({ ...call, unstoppable: true }, context);
}

/**
 * Does the work while every server of the site is locked by this run, and releases the locks however it ends. One that
 * cannot be released is told, and hides nothing: the next deployment says how to go on.
 * @throws {OmsError} deploy_locked naming the holder, with nothing left locked; what the work throws.
 */
export async function withHostLocks<T>(
  site: Site,
  holder: LockHolder,
  context: Context,
  work: () => Promise<T>,
): Promise<T> {
  const paths = sitePaths(context.settings.dir, site.name);
  const taken: RemoteTarget[] = [];
  try {
    for (const target of targetsOf(site, paths)) {
      await take(target, site, paths, holder, context).catch(async (error: unknown) => {
        // An answer that was lost on the way may have taken it; whether it can be released does not matter then.
        await release(target, site.home, holder.run, context).catch(() => undefined);
        throw error;
      });
      taken.push(target);
    }
    return await work();
  } finally {
    await Promise.all(
      taken.map((target) =>
        release(target, site.home, holder.run, context).catch((error: unknown) => {
          context.terminal.note(`The lock of ${target.name} stays: ${messageOf(error)}`);
        }),
      ),
    );
  }
}

/** The locks of all servers of a site as they are. */
export async function readHostLocks(site: Site, context: Context): Promise<HostLock[]> {
  const paths = sitePaths(context.settings.dir, site.name);
  const read = async (target: RemoteTarget) => {
    const call = { target, script: READ, args: [site.home], purpose: 'its lock could not be read' };
    const { stdout } = await onHost(call, context);
    return readAnswer(target.name, stdout);
  };
  return Promise.all(targetsOf(site, paths).map(read));
}

async function consent(site: Site, held: readonly HostLock[], yes: boolean, context: Context, asking: Asking) {
  if (yes) return;
  const { terminal, signal } = context;
  const paths = sitePaths(context.settings.dir, site.name);
  for (const { host, holder } of held) {
    const state = holder ? await holderState(holder, paths, context) : 'unknown';
    terminal.note(`${host} is held by ${describeHolder(holder, state)}.`);
  }
  terminal.note('Two deployments at a time ruin each other. Be sure that the one that took the lock is over.');
  const flagged = `oms deploy --env ${site.name} --unlock --yes`;
  const question = `Type ${site.name} to take its locks away:`;
  if (await confirmTyped(terminal, question, site.name, flagged, { signal, ...asking })) return;
  throw new OmsError('refused', `${site.name} was not typed, the locks stay`, { next: [flagged] });
}

/**
 * Takes away the locks of a site once a person has said so, and writes it into the audit trail.
 * @param asking for tests: other streams than the terminal's.
 * @returns names of the servers that were locked.
 * @throws {OmsError} refused without a yes; host_unreachable.
 */
export async function unlockHosts(
  site: Site,
  options: { yes: boolean; why?: string | undefined },
  context: Context,
  asking: Asking = {},
): Promise<string[]> {
  const held = (await readHostLocks(site, context)).filter((lock) => lock.held);
  if (held.length === 0) return [];
  await consent(site, held, options.yes, context, asking);
  const paths = sitePaths(context.settings.dir, site.name);
  const names = held.map(({ host }) => host);
  const targets = targetsOf(site, paths).filter(({ name }) => names.includes(name));
  const purpose = 'its lock could not be taken away';
  const call = { script: REMOVE, args: [site.home], purpose };
  await onAll(targets, (target) => onHost({ ...call, target }, context));
  const detail = held.map(({ host, holder }) => `${host}: ${describeHolder(holder)}`).join('; ');
  const entry = { action: 'unlock', outcome: 'done', why: options.why ?? null, detail } as const;
  const facts = { at: context.now().toISOString(), by: whoAmI(), release: null, from: null, seconds: 0 };
  await appendAudit(site, { ...facts, ...entry }, context);
  return names;
}
