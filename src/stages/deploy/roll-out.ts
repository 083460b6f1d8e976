import type { RolloutOptions } from '../../config/deploy-options.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { formatCount } from '../../ui/format.ts';
import { runSteps, type Step } from '../../ui/steps.ts';
import { localPaths } from '../local/paths.ts';
import { type MaintenanceRecord, readMaintenance } from '../maintenance/record.ts';
import { appendAudit } from './audit.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { withHostLocks } from './host-lock.ts';
import { removeDeploying, writeDeploying } from './host-state.ts';
import { newHolder, whoAmI } from './lock-holder.ts';
import type { MadeRelease } from './make-release.ts';
import { onAll } from './on-all.ts';
import { type Phase, PhaseFailed, runPhase } from './phases.ts';
import type { Preflight } from './preflight/preflight.ts';
import type { AuditEntry } from './release.ts';
import { type DeployRecorder, failureOf, openDeployReport } from './run-report.ts';
import { type SiteSecrets, stageSecrets } from './secrets.ts';
import { type ShiftReport, shiftTraffic } from './shift/shift.ts';
import { shiftTotals } from './shift/view.ts';
import { writeRoutes } from './shift/write-routes.ts';
import { type Site, sitePaths } from './site.ts';
import { stageRun } from './stage-run.ts';
import { targetOf } from './targets.ts';
import type { Playbook } from './variables.ts';

export interface RolloutCall {
  site: Site;
  secrets: SiteSecrets;
  made: MadeRelease;
  preflight: Preflight;
  plan: DeployPlan;
  command: string;
  action: Extract<AuditEntry['action'], 'deploy' | 'rollback'>;
  options: RolloutOptions & { why?: string | undefined };
}

/** What a deployment has done. */
export interface Rollout {
  release: string;
  from: string | null;
  /** Tasks that changed something on a server; 0 where everything was as it should be. */
  changed: number;
  seconds: number;
  phases: Phase[];
  /** How customers were moved over; null where nothing had to be. */
  shift: ShiftReport | null;
  /** The run's report. */
  report: string;
}

/** Everything one attempt works with. */
interface Attempt extends RolloutCall {
  recorder: DeployRecorder;
  shift: ShiftReport | null;
  /** Whether anything was begun that a failure has to be taken back from. */
  touched: boolean;
  /** What stays closed during it. */
  maintenance: MaintenanceRecord | null;
}

const hostsLimit = ({ site, options: { only } }: RolloutCall): string[] | undefined =>
  only &&
  site.hosts
    .filter((host) => only.includes(host.name) || host.groups.some((g) => only.includes(g)))
    .map((host) => host.name);

/** Leaves word on every server of how far it has come, for whoever finds it cut off. */
async function leaveWord({ site, plan }: RolloutCall, phase: string, context: Context): Promise<void> {
  const paths = sitePaths(context.settings.dir, site.name);
  const word = { release: plan.release, from: plan.running, colours: plan.colours, phase };
  await onAll(site.hosts, (host) => writeDeploying(targetOf(host, site, paths), site.home, word, context));
}

async function takeWordBack({ site }: RolloutCall, context: Context): Promise<void> {
  const paths = sitePaths(context.settings.dir, site.name);
  await onAll(site.hosts, (host) => removeDeploying(targetOf(host, site, paths), site.home, context));
}

function phaseStep(playbook: Playbook, title: string, context: Context): Step<Attempt> {
  return {
    title,
    run: async (attempt, report, area) => {
      const paths = sitePaths(context.settings.dir, attempt.site.name);
      const limit = hostsLimit(attempt);
      // The base role changes nothing that a release is made of.
      attempt.touched ||= playbook !== 'base';
      await leaveWord(attempt, playbook, context);
      const phase = await runPhase(
        { playbook, site: attempt.site.name, paths, report, area, ...(limit && { limit }) },
        context,
      );
      attempt.recorder.addPhase(phase);
      return phase.changed === 0 ? 'nothing to change' : `${phase.changed} changed`;
    },
  };
}

/** Whether customers' requests have to go from one order API to another. */
function movesCustomers({ plan, options }: RolloutCall): { from: 'a' | 'b'; to: 'a' | 'b' } | undefined {
  const producer = plan.services.find(({ service }) => service === 'producer');
  const { from, to } = producer?.colours ?? {};
  if (!from || !to || from === to || producer?.change === 'left alone' || options.shift.length === 0) return undefined;
  return { from: from as 'a' | 'b', to: to as 'a' | 'b' };
}

const REASONS = {
  'error-budget': 'it answered more requests with 5xx than the error budget allows',
  unhealthy: 'one of its servers stopped being healthy',
} as const;

function givenBack({ steps, to, reason }: ShiftReport): OmsError {
  const percent = steps.at(-1)?.percent ?? 0;
  return new OmsError('deploy_failed', `the new release did not hold ${percent} % of the customers`, {
    why: reason ? REASONS[reason] : 'its requests were given back',
    next: [`look at producer-${to} in the logs`],
  });
}

function shiftStep(context: Context): Step<Attempt> {
  return {
    title: 'moving customers over to the new release',
    run: async (attempt, report, area) => {
      const { site, options, recorder } = attempt;
      const move = movesCustomers(attempt);
      if (!move) return 'nobody has to move';
      await leaveWord(attempt, 'shift', context);
      const { shift: steps, shiftSeconds: seconds, errorBudget: budget } = options;
      const { maintenance } = attempt;
      const call = { site, ...move, steps, seconds, budget, deadlineSeconds: seconds, maintenance };
      attempt.shift = await shiftTraffic(call, { ...context, report, ...(area && { area }) });
      recorder.record({ shift: attempt.shift });
      if (attempt.shift.outcome === 'given-back') throw givenBack(attempt.shift);
      const { requests } = shiftTotals(attempt.shift);
      return `${formatCount(requests)} requests watched`;
    },
  };
}

/** The proxy asks after the order APIs of before as long as they are in its routes. */
const settleStep = (context: Context): Step<Attempt> => ({
  title: 'leaving the proxy with what runs',
  run: async ({ site, plan, maintenance }) => {
    const { producer } = plan.colours;
    const weights = { a: producer === 'a' ? 1 : 0, b: producer === 'b' ? 1 : 0 };
    await writeRoutes(site, { weights, colours: [producer], maintenance, proxyRuns: true }, context);
    return undefined;
  },
});

const stepsOf = ({ options }: RolloutCall, context: Context): Step<Attempt>[] => [
  {
    title: 'getting Ansible ready',
    run: async (_, report) => {
      await context.ansible.provide(localPaths(context.settings.dir).cacheDir, report);
      return context.ansible.version();
    },
  },
  ...(options.skipBase ? [] : [phaseStep('base', 'preparing servers: Docker, firewall, folders', context)]),
  phaseStep('prepare', 'bringing the release up beside the one that runs', context),
  shiftStep(context),
  phaseStep('finish', 'renewing consumers, pages and web servers', context),
  settleStep(context),
];

/** Goes back to the release of before; a Ctrl-C does not stop that. */
async function goBack(attempt: Attempt, cause: unknown, context: Context): Promise<never> {
  const { site, plan, recorder } = attempt;
  const calm: Context = { ...context, signal: new AbortController().signal };
  const back = plan.running ? `release ${plan.running} runs as before` : 'what it had started is stopped again';
  const title = plan.running ? `going back to ${plan.running}` : 'stopping what it had started';
  const why = cause instanceof OmsError ? cause : undefined;
  try {
    await runSteps(context.terminal, attempt, [phaseStep('rollback', title, calm)]);
    await takeWordBack(attempt, calm);
  } catch (error) {
    throw new OmsError('deploy_failed', `${messageOf(cause)}, and going back failed as well`, {
      why: [why?.why, messageOf(error)].filter(Boolean).join('; '),
      next: [`oms status --env ${site.name}`, `oms deploy --env ${site.name}`],
      cause: error,
    });
  }
  recorder.record({ outcome: 'rolled-back' });
  if (context.signal.aborted) throw context.signal.reason;
  throw new OmsError('deploy_failed', `${messageOf(cause)}; ${back}`, {
    why: why?.why ?? messageOf(cause),
    next: [`oms logs --env ${site.name} --since 10m`, ...(why?.next ?? []), recorder.file],
    ...(why?.original && { original: why.original }),
    cause,
  });
}

async function run(attempt: Attempt, context: Context): Promise<void> {
  const { site, secrets, options } = attempt;
  attempt.maintenance = await readMaintenance(site, context);
  const staged = await stageSecrets(site, context, secrets);
  try {
    await stageRun(attempt, staged, context);
    await runSteps(context.terminal, attempt, stepsOf(attempt, context)).catch(async (error: unknown) => {
      if (error instanceof PhaseFailed) attempt.recorder.addPhase(error.phase);
      if (!options.rollback || !attempt.touched) throw error;
      return goBack(attempt, error, context);
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

async function attemptIt(call: RolloutCall, recorder: DeployRecorder, context: Context): Promise<Rollout> {
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1_000;
  const { plan, site, options } = call;
  const attempt: Attempt = { ...call, recorder, shift: null, touched: false, maintenance: null };
  recorder.record({ release: plan.release, from: plan.running, preflight: call.preflight.checks, plan });
  const holder = newHolder(recorder.run, options.why ?? null, context.now());
  const end = async () => {
    recorder.record({ endedAt: context.now().toISOString() });
    await appendAudit(site, auditOf(call, recorder, elapsed(), context), context);
  };
  try {
    await withHostLocks(site, holder, context, () => run(attempt, context));
  } catch (error) {
    const { outcome, error: failure } = failureOf(error, context);
    recorder.record({ error: failure, ...(recorder.report.outcome === 'running' && { outcome }) });
    await end();
    throw error;
  }
  const { phases } = recorder.report;
  const changed = sum(phases);
  recorder.record({ outcome: changed === 0 ? 'unchanged' : 'done' });
  await end();
  return {
    release: plan.release,
    from: plan.running,
    changed,
    seconds: elapsed(),
    phases,
    shift: attempt.shift,
    report: recorder.file,
  };
}

/**
 * Brings a release up on the servers of a site, as its plan says: locked, phase by phase, each held by a gate; a gate
 * that fails takes everything back to the release of before.
 * @throws {OmsError} deploy_locked; deploy_failed with what happened to the servers; interrupted.
 */
export async function rollOut(call: RolloutCall, context: Context): Promise<Rollout> {
  const paths = sitePaths(context.settings.dir, call.site.name);
  const ended = context.machine.withLock(paths.lock, async () => {
    const facts = { command: call.command, site: call.site.name };
    return attemptIt(call, await openDeployReport(paths, facts, context), context);
  });
  return ended.finally(() => context.remote.close());
}
