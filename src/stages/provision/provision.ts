import type { ProvisionOptions } from '../../config/provision-options.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { runSteps } from '../../ui/steps.ts';
import type { ApplyReport } from './apply/apply-report.ts';
import { type Environment, type EnvironmentPaths, environmentPaths } from './environment.ts';
import { firstSteps } from './first-things.ts';
import { resolveCertificate, resolveEnvironment } from './inputs.ts';
import { type LockReport, lockArchive, refuseUnansweredLock } from './lock-archive.ts';
import { requireConsent } from './plan/consent.ts';
import { planReport } from './plan/report.ts';
import type { PlanSummary } from './plan/summary.ts';
import { newPlanning, type Planned, planSteps } from './plan-environment.ts';
import { type Account, readAccount } from './preflight/account.ts';
import { withAllMissingTools } from './preflight/missing-tools.ts';
import { type PreflightReport, preflight, preflightError } from './preflight/preflight.ts';
import { preflightReport } from './preflight/preflight-report.ts';
import { type Proof, prove } from './proof.ts';
import type { RunRecorder } from './report.ts';
import { applyRecorded, changing, recorded } from './run.ts';
import { type CostDrivers, costDrivers } from './sizing/cost-drivers.ts';
import { costReport, sizingReport } from './sizing/report.ts';
import { type Sizing, sizeNamespace } from './sizing/sizing.ts';
import { findState } from './state-backend.ts';

export interface ProvisionResult {
  environment: Environment;
  /** "planned" with --plan-only; "unchanged" where there was nothing to do. */
  outcome: 'planned' | 'unchanged' | 'applied';
  sizing: Sizing;
  costs: CostDrivers;
  preflight: PreflightReport['rows'];
  plan: PlanSummary;
  /** Whether the plan was made against the environment's own state; otherwise as if nothing were there. */
  againstState: boolean;
  apply: ApplyReport | null;
  proof: Proof | null;
  lock: LockReport | null;
  /** The run's report; null with --plan-only, which leaves none. */
  report: string | null;
}

interface Ground {
  environment: Environment;
  paths: EnvironmentPaths;
  account: Account;
  certificate: string | undefined;
  sizing: Sizing;
  costs: CostDrivers;
  preflight: PreflightReport;
}

/** How big it is, and what of it is billed by what. */
function size(environment: Environment, { terminal }: Context): Pick<Ground, 'sizing' | 'costs'> {
  const { workload, capacity, captureIntervalSeconds, archiveRedundancy: redundancy, secondaryRegion } = environment;
  const sizing = sizeNamespace(workload, { captureIntervalSeconds, partitions: capacity.partitions });
  const costs = costDrivers(sizing, { capacity, redundancy, pair: secondaryRegion !== null });
  terminal.print(`${sizingReport(sizing, terminal, capacity)}\n\n${costReport(costs, terminal)}\n`);
  return { sizing, costs };
}

/** Whether everything is true that has to be before anything is made. */
async function look(
  environment: Environment,
  options: { planOnly: boolean; certificateFile: string | undefined },
  context: Context,
): Promise<PreflightReport> {
  const { terminal } = context;
  const found: { report?: PreflightReport } = {};
  const run = async () => {
    found.report = await preflight(environment, context, options);
    return undefined;
  };
  await runSteps(terminal, found, [{ title: 'looking at tools, login, rights and names', run }]);
  const report = found.report!;
  terminal.print(`${preflightReport(report, terminal)}\n`);
  if (!report.ok) throw preflightError(report);
  return report;
}

async function makeFolder({ folder }: EnvironmentPaths, { machine }: Context): Promise<void> {
  await machine.makeFolder(folder).catch((error: unknown) => {
    const next = ['OMS_DIR names the folder that everything of oms is kept in'];
    throw new OmsError('disk', `${folder} cannot be used`, { why: messageOf(error), next, cause: error });
  });
}

/** Who asks, for what, how big that is, and whether it can be done; nothing is changed yet. */
async function survey(options: ProvisionOptions, context: Context): Promise<Ground> {
  const account = await readAccount(context, options.subscription).catch(async (error: unknown) => {
    throw await withAllMissingTools(error, context);
  });
  const environment = await resolveEnvironment(options, context, account);
  const certificate = await resolveCertificate(options, environment, context);
  const sized = size(environment, context);
  const { planOnly } = options;
  const report = await look(environment, { planOnly, certificateFile: certificate }, context);
  const paths = environmentPaths(context.settings.dir, environment.name);
  await makeFolder(paths, context);
  // Of the environment's own subscription, where az may be set to another one, as somebody else.
  return { environment, paths, account: report.account ?? account, certificate, ...sized, preflight: report };
}

async function plan({ environment, paths, account }: Ground, context: Context): Promise<Required<Planned>> {
  const planned = newPlanning({ environment, paths, deployerObjectId: account.objectId }, context);
  await runSteps(context.terminal, planned, planSteps(context));
  planned.log.tell();
  context.terminal.print(`${planReport(planned.summary!, context.terminal)}\n`);
  return planned as Required<Planned>;
}

const resultOf = (ground: Ground, summary: PlanSummary): ProvisionResult => ({
  environment: ground.environment,
  outcome: 'planned',
  sizing: ground.sizing,
  costs: ground.costs,
  preflight: ground.preflight.rows,
  plan: summary,
  againstState: true,
  apply: null,
  proof: null,
  lock: null,
  report: null,
});

/** Shows what would be done. A state that cannot be read, or is not there yet, is taken for an empty one. */
async function planOnly(ground: Ground, context: Context): Promise<ProvisionResult> {
  const { environment, paths } = ground;
  const state = await findState(environment, context);
  const reachable = state === 'there';
  const seen: Ground = reachable ? ground : { ...ground, environment: { ...environment, state: { kind: 'local' } } };
  return changing(paths, context, async () => {
    const { summary } = await plan(seen, context);
    if (state === 'denied')
      context.terminal.note('The state may not be read by you: planned as if nothing were there.');
    return { ...resultOf(ground, summary), againstState: reachable };
  });
}

/** Which of the names typed beforehand is about the plan; that of the account is about the lock. */
function confirmed({ name, names }: Environment, { confirm = [], lockArchive: locks }: ProvisionOptions) {
  if (confirm.includes(name)) return name;
  return confirm.find((other) => !(locks && other === names.archiveAccount));
}

async function apply(ground: Ground, options: ProvisionOptions, recorder: RunRecorder, context: Context) {
  const { environment, paths } = ground;
  const { summary, secrets, log } = await plan(ground, context);
  await requireConsent(summary, environment, { yes: options.yes, confirm: confirmed(environment, options) }, context);
  context.machine.writeJson(paths.environment, environment);
  if (!summary.applyable) return { summary, report: null };
  const report = await applyRecorded({ environment, paths, summary, secrets, log }, recorder, context);
  return { summary, report };
}

async function make(
  ground: Ground,
  options: ProvisionOptions,
  recorder: RunRecorder,
  context: Context,
): Promise<ProvisionResult> {
  const { environment, paths } = ground;
  recorder.record({ sizing: ground.sizing });
  await runSteps(context.terminal, ground, firstSteps(context));
  const { summary, report } = await apply(ground, options, recorder, context);
  const proof = await prove(environment, paths, options, recorder, context);
  const lock = options.lockArchive
    ? await lockArchive(environment, proof.outputs, { ...options, ...proof }, context)
    : null;
  const outcome = report ? 'applied' : 'unchanged';
  return { ...resultOf(ground, summary), outcome, apply: report, proof, lock, report: recorder.file };
}

/**
 * From a subscription to a namespace that was read back and has carried an event; with `planOnly` to the plan alone.
 * @throws {OmsError} with what is missing, refused, or failed, and what to do next.
 */
export async function provision(options: ProvisionOptions, context: Context): Promise<ProvisionResult> {
  const ground = await survey(options, context);
  if (options.planOnly) return planOnly(ground, context);
  const { environment, paths } = ground;
  if (options.lockArchive) refuseUnansweredLock(environment, options.confirm, context);
  const facts = { command: 'oms provision', environment: environment.name };
  return changing(paths, context, () =>
    recorded(facts, paths, context, (recorder) => make(ground, options, recorder, context)),
  );
}
