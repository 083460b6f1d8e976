import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { runSteps, type Step } from '../../ui/steps.ts';
import { removeApplication } from '../provision/application.ts';
import type { ApplyReport } from '../provision/apply/apply-report.ts';
import type { Environment, EnvironmentPaths } from '../provision/environment.ts';
import { knownEnvironment } from '../provision/known-environment.ts';
import { requireConsent } from '../provision/plan/consent.ts';
import { planReport } from '../provision/plan/report.ts';
import { type PlanSummary, summarisePlan } from '../provision/plan/summary.ts';
import { newPlanning, type Planned, planSteps } from '../provision/plan-environment.ts';
import { type Account, readAccount } from '../provision/preflight/account.ts';
import { applyRecorded, changing, recorded } from '../provision/provision.ts';
import type { RunRecorder } from '../provision/report.ts';
import { ARCHIVE_CONTAINER } from '../provision/topology.ts';
import { type Remainder, remainders, staysWithArchive } from './what-stays.ts';

export interface DestroyOptions {
  env: string;
  /** Leaves the archive and its resource group where they are. */
  keepArchive: boolean;
  planOnly: boolean;
  /** The environment's name, typed beforehand. */
  confirm?: string | undefined;
}

export interface DestroyResult {
  environment: string;
  outcome: 'planned' | 'destroyed' | 'unchanged';
  plan: PlanSummary;
  apply: ApplyReport | null;
  /** Whether the service principal of the apps was removed. */
  applicationRemoved: boolean;
  /** What is still there, and why. */
  stays: Remainder[];
  report: string | null;
}

interface Ground {
  environment: Environment;
  paths: EnvironmentPaths;
  account: Account;
  keepArchive: boolean;
}

/** Azure is asked, not our own note: somebody may have locked the archive in the portal. */
async function isLocked({ subscriptionId, tenantId, names }: Environment, context: Context): Promise<boolean> {
  const management = await context.cloud.management(subscriptionId, tenantId);
  const archive = await management.archive(names.resourceGroup, names.archiveAccount, ARCHIVE_CONTAINER);
  return archive?.policy?.state === 'Locked';
}

async function survey(options: DestroyOptions, context: Context): Promise<Ground> {
  const { environment, paths } = await knownEnvironment(options.env, context);
  const account = await readAccount(context, environment.subscriptionId);
  if (await isLocked(environment, context)) environment.archiveLocked = true;
  return { environment, paths, account, keepArchive: options.keepArchive || environment.archiveLocked };
}

/**
 * A plan that is limited to nothing would not be limited at all, and one that is limited takes along what depends on
 * its targets: neither may reach what stays.
 */
function refuseToTouch(summary: PlanSummary): void {
  const touched = summary.resources.filter(({ address, action }) => action !== 'no-op' && staysWithArchive(address));
  if (touched.length === 0) return;
  throw new OmsError('refused', 'the plan would touch the archive, which is to stay; nothing was destroyed', {
    why: touched.map(({ address, action }) => `${action} ${address}`).join(', '),
    next: ['this is a fault of the template or of the state: look at both before going on'],
  });
}

const limited = (keepArchive: boolean, makePlan: Step<Planned>): Step<Planned> => ({
  title: makePlan.title,
  run: async (planned, report, area) => {
    if (keepArchive && planned.targets?.length === 0) {
      planned.summary = summarisePlan({ format_version: '1.2' });
      return 'nothing but the archive is there';
    }
    const said = await makePlan.run(planned, report, area);
    if (keepArchive) refuseToTouch(planned.summary!);
    return said;
  },
});

/** Between reading the state and planning: what of it is to go. */
const choose = (keepArchive: boolean, context: Context): Step<Planned> => ({
  title: 'looking at what is there',
  run: async (planned) => {
    const { paths } = planned;
    const addresses = await context.terraform.resources({ folder: paths.terraform, signal: context.signal });
    if (keepArchive) planned.targets = addresses.filter((address) => !staysWithArchive(address));
    return `${addresses.length} resources`;
  },
});

async function plan(
  { environment, paths, account, keepArchive }: Ground,
  context: Context,
): Promise<Required<Planned>> {
  const facts = { environment, paths, deployerObjectId: account.objectId };
  const planned = newPlanning({ ...facts, mode: 'destroy', release: true }, context);
  const [workspace, init, makePlan] = planSteps(context) as [Step<Planned>, Step<Planned>, Step<Planned>];
  await runSteps(context.terminal, planned, [
    workspace,
    init,
    choose(keepArchive, context),
    limited(keepArchive, makePlan),
  ]);
  planned.log.tell();
  context.terminal.print(`${planReport(planned.summary!, context.terminal)}\n`);
  return planned as Required<Planned>;
}

/** Another run would give roles to what is no more. */
function forgetApplication(environment: Environment, { environment: file }: EnvironmentPaths, context: Context): void {
  environment.applicationObjectId = null;
  context.machine.writeJson(file, environment);
}

async function removeAll(
  ground: Ground,
  options: DestroyOptions,
  recorder: RunRecorder,
  context: Context,
): Promise<DestroyResult> {
  const { environment, paths, keepArchive } = ground;
  const planned = await plan(ground, context);
  const { summary } = planned;
  await requireConsent(summary, environment, { yes: false, confirm: options.confirm, command: 'oms destroy' }, context);
  const apply = summary.changes ? await applyRecorded(planned, recorder, context, 'destroying') : null;
  let applicationRemoved = false;
  const run = async () => {
    applicationRemoved = await removeApplication(environment, context);
    return applicationRemoved ? environment.names.application : 'none of ours';
  };
  await runSteps(context.terminal, undefined, [{ title: 'removing the application of the apps', run }]);
  if (applicationRemoved) forgetApplication(environment, paths, context);
  await context.machine.removeFolder(paths.outputs);
  const outcome = apply ? 'destroyed' : 'unchanged';
  const stays = remainders(environment, keepArchive);
  return {
    environment: environment.name,
    outcome,
    plan: summary,
    apply,
    applicationRemoved,
    stays,
    report: recorder.file,
  };
}

/**
 * Destroys an environment after its name was typed: everything but what cannot go, which the result names.
 * @throws {OmsError} not_provisioned, refused without the typed name, or what Terraform or Azure refused.
 */
export async function destroy(options: DestroyOptions, context: Context): Promise<DestroyResult> {
  const ground = await survey(options, context);
  const { environment, paths, keepArchive } = ground;
  const facts = { command: 'oms destroy', environment: environment.name };
  return changing(paths, context, async () => {
    if (!options.planOnly)
      return recorded(facts, paths, context, (recorder) => removeAll(ground, options, recorder, context));
    const { summary } = await plan(ground, context);
    await context.machine.removeFolder(paths.plan);
    const stays = remainders(environment, keepArchive);
    return {
      environment: environment.name,
      outcome: 'planned',
      plan: summary,
      apply: null,
      applicationRemoved: false,
      stays,
      report: null,
    };
  });
}
