import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { headerText } from '../../render/traefik.ts';
import { runSteps } from '../../ui/steps.ts';
import { appendAudit } from '../deploy/audit.ts';
import { withHostLocks } from '../deploy/host-lock.ts';
import { readHostRecord } from '../deploy/host-state.ts';
import { newHolder, whoAmI } from '../deploy/lock-holder.ts';
import type { AuditEntry, HostState } from '../deploy/release.ts';
import { knownSite } from '../deploy/saved-site.ts';
import { webTargets, writeRoutes } from '../deploy/shift/write-routes.ts';
import type { Site } from '../deploy/site.ts';
import { newRunId } from '../runs/run-folder.ts';
import { type MaintenanceRecord, readMaintenance, writeMaintenance } from './record.ts';

export interface MaintenanceOptions {
  env: string;
  action: 'on' | 'off' | 'status';
  message: string | null;
}

export interface MaintenanceResult {
  environment: string;
  closed: boolean;
  /** Whether this call changed it. */
  changed: boolean;
  since: string | null;
  by: string | null;
  message: string | null;
}

/** It is a line on a page and a header, no article. */
const LONGEST = 300;

function checkMessage(message: string | null): string | null {
  const text = message === null ? null : headerText(message);
  if (text === null || (text.length > 0 && text.length <= LONGEST)) return text;
  throw new OmsError('usage', `--message: expected one sentence of at most ${LONGEST} characters`, {
    why: text.length === 0 ? 'it is empty' : `it has ${text.length}`,
    next: ['oms maintenance on --message "Back at noon."'],
  });
}

const resultOf = (site: Site, record: MaintenanceRecord | null, changed: boolean): MaintenanceResult => ({
  ...{ environment: site.name, closed: record !== null, changed, since: record?.since ?? null },
  ...{ by: record?.by ?? null, message: record?.message ?? null },
});

/** Which colour has the requests, of the first server with a proxy. */
async function stateOf(site: Site, context: Context): Promise<HostState> {
  const [first] = webTargets(site, context);
  const { state } = await readHostRecord(first!.target, site.home, context);
  if (state) return state;
  throw new OmsError('not_deployed', `nothing runs on ${first!.name} yet`, {
    why: `there is no release in ${site.home}`,
    next: [`oms deploy --env ${site.name}`],
  });
}

/** With several proxies one may have been told and another one not. */
function halfDone(error: unknown, site: Site, { action }: MaintenanceOptions): unknown {
  if (!(error instanceof OmsError)) return error;
  const again = `oms maintenance ${action} --env ${site.name}   (again: what is done already is left)`;
  const why = [error.why, 'the shop may be closed in part'].filter(Boolean).join('; ');
  return new OmsError(error.code, error.message, {
    ...{ why, next: [...error.next, again], cause: error },
    ...(error.original && { original: error.original }),
  });
}

/**
 * The servers that a change of it touches. A deployment locks these, too, so that they keep it out; and a database that
 * is away, which is when a shop is closed, does not keep anybody from closing it.
 */
const withProxyAlone = (site: Site): Site => ({
  ...site,
  hosts: site.hosts.filter(({ groups }) => groups.includes('web')),
});

/** A file that is not understood is no reason to keep the shop closed. */
async function recordToChange(site: Site, options: MaintenanceOptions, context: Context) {
  return readMaintenance(site, context).catch((error: unknown) => {
    if (options.action === 'off' && error instanceof OmsError && error.code === 'deploy_failed') return undefined;
    throw error;
  });
}

async function change(site: Site, options: MaintenanceOptions, context: Context): Promise<MaintenanceResult> {
  const { colours } = await stateOf(site, context);
  const before = await recordToChange(site, options, context);
  const message = checkMessage(options.message);
  const closing = options.action === 'on';
  const changed = closing ? !before || before.message !== message : before !== null;
  const since = before?.since ?? context.now().toISOString();
  const record: MaintenanceRecord | null = closing
    ? { version: 1, since, by: changed || !before ? whoAmI() : before.by, message }
    : null;
  const weights = { a: colours.producer === 'a' ? 100 : 0, b: colours.producer === 'b' ? 100 : 0 };
  try {
    // Also where nothing is new: routes that were lost are put right.
    if (record) await writeMaintenance(site, record, context);
    await writeRoutes(site, { weights, maintenance: record }, context);
    if (!record) await writeMaintenance(site, null, context);
  } catch (error) {
    throw halfDone(error, site, options);
  }
  return resultOf(site, record, changed);
}

/** One line in the audit trail, however it ended. */
async function audited(
  site: Site,
  options: MaintenanceOptions,
  context: Context,
  work: () => Promise<MaintenanceResult>,
): Promise<MaintenanceResult> {
  const begun = context.now();
  const write = (outcome: AuditEntry['outcome'], detail: string) => {
    const seconds = Math.max(0, (context.now().getTime() - begun.getTime()) / 1_000);
    const entry: AuditEntry = {
      ...{ at: begun.toISOString(), by: whoAmI(), action: 'maintenance', why: options.message },
      ...{ release: null, from: null, outcome, seconds, detail },
    };
    return appendAudit(site, entry, context);
  };
  try {
    const result = await work();
    await write(result.changed ? 'done' : 'unchanged', options.action);
    return result;
  } catch (error) {
    await write(context.signal.aborted ? 'interrupted' : 'failed', `${options.action}: ${messageOf(error)}`);
    throw error;
  }
}

/**
 * Closes the shop for the public, opens it again, or says how it is. Closed means 503 with Retry-After for everybody
 * but the health check: a page for people, problem+json for programs. Orders that were taken go on meanwhile.
 * @throws {OmsError} not_deployed; host_unreachable; deploy_locked while a deployment is at it; deploy_failed.
 */
export async function maintenance(options: MaintenanceOptions, context: Context): Promise<MaintenanceResult> {
  checkMessage(options.message);
  const site = await knownSite(options.env, context);
  try {
    if (options.action === 'status') return resultOf(site, await readMaintenance(site, context), false);
    const closing = options.action === 'on';
    const state: { result?: MaintenanceResult } = {};
    const holder = newHolder(newRunId(context.now()), `maintenance ${options.action}`, context.now());
    await runSteps(context.terminal, state, [
      {
        title: closing ? 'Closing the shop' : 'Opening the shop',
        run: async () => {
          const work = () => audited(site, options, context, () => change(site, options, context));
          state.result = await withHostLocks(withProxyAlone(site), holder, context, work);
          return state.result.changed ? undefined : 'it was already';
        },
      },
    ]);
    return state.result!;
  } finally {
    await context.remote.close();
  }
}
