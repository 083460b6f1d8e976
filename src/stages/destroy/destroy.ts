import { type Static, Type } from 'typebox';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { runSteps, type Step } from '../../ui/steps.ts';
import { findOwnApplication, removeApplication } from '../provision/application.ts';
import { ApplyReport } from '../provision/apply/apply-report.ts';
import type { Environment, EnvironmentPaths } from '../provision/environment.ts';
import { knownEnvironment } from '../provision/known-environment.ts';
import { requireConsent } from '../provision/plan/consent.ts';
import { planReport } from '../provision/plan/report.ts';
import { PlanSummary, summarisePlan } from '../provision/plan/summary.ts';
import { newPlanning, type Planned, planSteps } from '../provision/plan-environment.ts';
import { type Account, readAccount } from '../provision/preflight/account.ts';
import type { RunRecorder } from '../provision/report.ts';
import { applyRecorded, changing, recorded } from '../provision/run.ts';
import { ARCHIVE_CONTAINER } from '../provision/topology.ts';
import { Remainder, remainders, staysWithArchive } from './what-stays.ts';

export interface DestroyOptions {
  env: string;
  /** Leaves the archive and its resource group where they are. */
  keepArchive: boolean;
  planOnly: boolean;
  /** The environment's name, typed beforehand. */
  confirm?: string | undefined;
}

/** The result of `oms destroy --json`. */
export const DestroyResult = Type.Object({
  environment: Type.String(),
  outcome: Type.Enum(['planned', 'destroyed', 'unchanged']),
  plan: PlanSummary,
  apply: Type.Union([ApplyReport, Type.Null()]),
  application: Type.Union([Type.String(), Type.Null()], {
    description: 'the application of the apps in Entra ID that goes, too; null where there is none of ours',
  }),
  stays: Type.Array(Remainder, { description: 'what is still there, and why' }),
  report: Type.Union([Type.String(), Type.Null()], { description: "path of the run's report; null with --plan-only" }),
});
export type DestroyResult = Static<typeof DestroyResult>;

interface Ground {
  environment: Environment;
  paths: EnvironmentPaths;
  account: Account;
  keepArchive: boolean;
}

/** Everything that would go. */
interface Leaving {
  planned: Required<Planned>;
  /** Id of the application of the apps. */
  application: string | undefined;
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

async function plan({ environment, paths, account, keepArchive }: Ground, context: Context): Promise<Leaving> {
  const facts = { environment, paths, deployerObjectId: account.objectId };
  const planned = newPlanning({ ...facts, mode: 'destroy', release: true }, context);
  const [workspace, init, makePlan] = planSteps(context);
  const found: Partial<Leaving> = {};
  const lookForApplication: Step<Planned> = {
    title: 'looking for the application of the apps',
    run: async () => {
      found.application = await findOwnApplication(environment, context);
      return found.application ? environment.names.application : 'none of ours';
    },
  };
  const steps = [lookForApplication, workspace, init, choose(keepArchive, context), limited(keepArchive, makePlan)];
  await runSteps(context.terminal, planned, steps);
  planned.log.tell();
  context.terminal.print(`${planReport(planned.summary!, context.terminal)}\n`);
  if (found.application) context.terminal.print(`Application ${environment.names.application} goes, too (Entra ID)\n`);
  return { application: found.application, planned: planned as Required<Planned> };
}

/**
 * Another run would give roles to an application that is no more. Of an environment that went as a whole nothing is
 * known afterwards: it may be made anew, in another region or tier.
 */
async function forget({ environment, paths, keepArchive }: Ground, context: Context): Promise<void> {
  const { machine } = context;
  await machine.removeFolder(paths.outputs);
  if (!keepArchive) return machine.removeFolder(paths.environment);
  machine.writeJson(paths.environment, { ...environment, applicationObjectId: null });
}

async function removeOwnApplication(appId: string, environment: Environment, context: Context): Promise<void> {
  const run = async () => {
    await removeApplication(appId, environment, context);
    return environment.names.application;
  };
  await runSteps(context.terminal, undefined, [{ title: 'removing the application of the apps', run }]);
}

/** An application alone is asked for as the rest would be. */
const asked = ({ planned: { summary }, application }: Leaving): PlanSummary =>
  application === undefined ? summary : { ...summary, changes: true };

/** With --keep-archive, so that whoever takes the call from a message does not destroy more than was meant. */
const callOf = ({ keepArchive }: DestroyOptions) => (keepArchive ? 'oms destroy --keep-archive' : 'oms destroy');

function resultOf(
  { environment, keepArchive }: Ground,
  { planned, application }: Leaving,
  rest: Pick<DestroyResult, 'outcome' | 'apply' | 'report'>,
): DestroyResult {
  // A vault of an earlier destroy, which kept the archive, is not in this plan.
  const hadVault = keepArchive || planned.summary.resources.some(({ type }) => type === 'azurerm_key_vault');
  return {
    environment: environment.name,
    plan: planned.summary,
    application: application === undefined ? null : environment.names.application,
    stays: remainders(environment, keepArchive, hadVault),
    ...rest,
  };
}

async function removeAll(
  ground: Ground,
  options: DestroyOptions,
  recorder: RunRecorder,
  context: Context,
): Promise<DestroyResult> {
  const { environment } = ground;
  const leaving = await plan(ground, context);
  const { planned, application } = leaving;
  const consent = { yes: false, typed: true, confirm: options.confirm, command: callOf(options) };
  await requireConsent(asked(leaving), environment, consent, context);
  const apply = planned.summary.changes ? await applyRecorded(planned, recorder, context, 'destroying') : null;
  if (application !== undefined) await removeOwnApplication(application, environment, context);
  await forget(ground, context);
  const outcome = apply || application !== undefined ? 'destroyed' : 'unchanged';
  return resultOf(ground, leaving, { outcome, apply, report: recorder.file });
}

/**
 * Destroys an environment after its name was typed: everything but what cannot go, which the result names.
 * @throws {OmsError} not_provisioned, refused without the typed name, or what Terraform or Azure refused.
 */
export async function destroy(options: DestroyOptions, context: Context): Promise<DestroyResult> {
  const ground = await survey(options, context);
  const { environment, paths } = ground;
  const facts = { command: 'oms destroy', environment: environment.name };
  return changing(paths, context, async () => {
    if (!options.planOnly)
      return recorded(facts, paths, context, (recorder) => removeAll(ground, options, recorder, context));
    return resultOf(ground, await plan(ground, context), { outcome: 'planned', apply: null, report: null });
  });
}
