import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { runSteps } from '../../ui/steps.ts';
import { readMaintenance } from '../maintenance/record.ts';
import { failureOf } from '../runs/run-record.ts';
import { appendAudit } from './audit.ts';
import { withHostLocks } from './host-lock.ts';
import { readHostRecord } from './host-state.ts';
import { newHolder, whoAmI } from './lock-holder.ts';
import type { Phase } from './phases.ts';
import type { AuditEntry } from './release.ts';
import type { Attempt, Rollout, RolloutCall } from './rollout/attempt.ts';
import { endOfFailed } from './rollout/go-back.ts';
import { stepsOf } from './rollout/steps.ts';
import { takeWordBack } from './rollout/word.ts';
import { type DeployRecorder, openDeployReport } from './run-report.ts';
import { stageSecrets } from './secrets.ts';
import { sitePaths } from './site.ts';
import { stageRun } from './stage-run.ts';
import { targetOf } from './targets.ts';

/** Between the plan and the locks somebody else's deployment may have come and gone: colours would be mixed up. */
async function refuseStale({ site, states, command }: RolloutCall, context: Context): Promise<void> {
  const paths = sitePaths(context.settings.dir, site.name);
  const planned = new Map(states.map((facts) => [facts.host, facts.unreachable === null ? facts : undefined]));
  const records = await Promise.all(
    site.hosts.map(async (host) => {
      const { state = null, deploying = null } = await readHostRecord(targetOf(host, site, paths), site.home, context);
      const before = planned.get(host.name);
      const known = JSON.stringify([before?.state ?? null, before?.deploying ?? null]);
      return { name: host.name, state, isNew: known !== JSON.stringify([state, deploying]) };
    }),
  );
  const changed = records.filter(({ isNew }) => isNew);
  if (changed.length === 0) return;
  throw new OmsError('refused', 'another deployment has been at work since this one was planned; nothing was changed', {
    why: changed
      .map(({ name, state }) => `${name} has ${state ? `${state.release} by ${state.deployedBy}` : 'something begun'}`)
      .join('; '),
    next: [`${command} --env ${site.name}`],
  });
}

async function bringUp(attempt: Attempt, context: Context): Promise<void> {
  await refuseStale(attempt, context);
  attempt.maintenance = await readMaintenance(attempt.site, context);
  const staged = await stageSecrets(attempt.site, context, attempt.secrets);
  try {
    await stageRun(attempt, staged, context);
    await runSteps(context.terminal, attempt, stepsOf(attempt, context)).catch(async (error: unknown) => {
      throw await endOfFailed(attempt, error, context);
    });
    await takeWordBack(attempt, context);
  } finally {
    await staged.remove();
  }
}

const sum = (phases: readonly Phase[]) => phases.reduce((total, { changed }) => total + changed, 0);

/** The line of the audit trail for a run that has ended. */
function auditOf(call: RolloutCall, recorder: DeployRecorder, seconds: number, context: Context): AuditEntry {
  const { outcome, error } = recorder.report;
  return {
    at: context.now().toISOString(),
    by: whoAmI(),
    action: call.action,
    why: call.options.why ?? null,
    release: call.plan.release,
    from: call.plan.running,
    outcome: outcome === 'running' ? 'failed' : outcome,
    seconds: Math.round(seconds * 10) / 10,
    detail: error?.message ?? null,
  };
}

/** How it ended, for the report: what was taken back says so already. */
function recordFailure(recorder: DeployRecorder, thrown: unknown, context: Context): void {
  const { outcome, error } = failureOf(thrown, context);
  recorder.record({ error, ...(recorder.report.outcome === 'running' && { outcome }) });
}

/** The work while the servers are locked; one line in the audit trail, however it ended. */
async function audited(attempt: Attempt, seconds: () => number, context: Context): Promise<void> {
  const { recorder, site } = attempt;
  try {
    await bringUp(attempt, context);
    recorder.record({ outcome: sum(recorder.report.phases) === 0 ? 'unchanged' : 'done' });
  } catch (error) {
    recordFailure(recorder, error, context);
    throw error;
  } finally {
    await appendAudit(site, auditOf(attempt, recorder, seconds(), context), context);
  }
}

async function attemptIt(call: RolloutCall, recorder: DeployRecorder, context: Context): Promise<Rollout> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1_000;
  const { plan, site, options } = call;
  const attempt: Attempt = { ...call, recorder, shift: null, stage: 'untouched', maintenance: null };
  recorder.record({ release: plan.release, from: plan.running, preflight: call.preflight.checks, plan });
  const holder = newHolder(recorder.run, options.why ?? null, context.now());
  try {
    await withHostLocks(site, holder, context, () => audited(attempt, seconds, context));
  } catch (error) {
    recordFailure(recorder, error, context);
    throw error;
  } finally {
    recorder.record({ endedAt: context.now().toISOString() });
  }
  const { phases } = recorder.report;
  const { shift } = attempt;
  const facts = { release: plan.release, from: plan.running, changed: sum(phases), seconds: seconds() };
  return { ...facts, phases, shift, report: recorder.file };
}

const INSISTED =
  'The servers are being left in order. One more Ctrl-C leaves them as they are: the next deployment takes it up.';

/**
 * Brings a release up on the servers of a site, as its plan says: locked, phase by phase, each held by a gate; a gate
 * that fails takes everything back to the release of before.
 * @throws {OmsError} deploy_locked; refused where the plan is out of date; deploy_failed with what happened to the
 * servers; interrupted.
 */
export async function rollOut(call: RolloutCall, context: Context): Promise<Rollout> {
  const paths = sitePaths(context.settings.dir, call.site.name);
  context.onInsist(() => context.terminal.note(INSISTED));
  return context.machine.withLock(paths.lock, async () => {
    const facts = { command: call.command, site: call.site.name };
    return attemptIt(call, await openDeployReport(paths, facts, context), context);
  });
}
