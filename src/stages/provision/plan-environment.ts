import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import type { Step } from '../../ui/steps.ts';
import { createDiagnosticLog, type DiagnosticLog } from './apply/diagnostic-log.ts';
import { patiently } from './apply/patiently.ts';
import type { Environment, EnvironmentPaths } from './environment.ts';
import { withoutExpected } from './expected-drift.ts';
import { withInflatedUnits } from './inflated-units.ts';
import { type PlanSummary, summarisePlan } from './plan/summary.ts';
import { VAULT_SECRETS } from './topology.ts';
import { prepareWorkspace } from './workspace.ts';

/** A plan that was saved, and what it would do. */
export interface Planned {
  environment: Environment;
  paths: EnvironmentPaths;
  /** Of whoever is signed in: roles for deploying go to them. */
  deployerObjectId: string;
  /** Values for the vault's secrets, made for this run; those that are there already are not written again. */
  secrets: Readonly<Record<string, string>>;
  log: DiagnosticLog;
  mode: 'normal' | 'destroy';
  /** Addresses a destroy is limited to; all without it. */
  targets?: readonly string[];
  /** Whether what holds data may go, see {@link planOrRelease}. */
  release: boolean;
  summary?: PlanSummary;
}

const SECRET_BYTES = 24;

/** Everything a plan begins with. */
export function newPlanning(
  facts: Pick<Planned, 'environment' | 'paths' | 'deployerObjectId'> & Partial<Pick<Planned, 'mode' | 'release'>>,
  context: Context,
): Planned {
  const secrets = VAULT_SECRETS.map((name) => [name, context.machine.randomSecret(SECRET_BYTES)]);
  return {
    mode: 'normal',
    release: false,
    ...facts,
    secrets: Object.fromEntries(secrets),
    log: createDiagnosticLog(context.terminal),
  };
}

async function makePlan(planned: Planned, report: (line: string) => void, context: Context): Promise<void> {
  const { environment, paths, secrets, mode, targets, log } = planned;
  const { terraform, signal } = context;
  const call = { folder: paths.terraform, planFile: paths.plan, secrets, signal };
  const limits = { mode, ...(targets && { targets }) };
  const say = (lines: readonly string[]) => lines.forEach(report);
  await patiently(environment.name, say, context, (onStart) =>
    terraform.plan({ ...call, ...limits, onStart, onMessage: log.onMessage }),
  );
  const summary = summarisePlan(await terraform.showPlan(call));
  const { resources } = withoutExpected({ drifted: true, resources: summary.drift }, environment);
  planned.summary = { ...summary, drift: resources };
}

async function prepare(planned: Planned, context: Context): Promise<string | undefined> {
  const { environment, paths, deployerObjectId, release, mode } = planned;
  const wanted = mode === 'destroy' ? environment : await withInflatedUnits(environment, context);
  await prepareWorkspace(wanted, paths, context, { deployerObjectId, release });
  const { units } = wanted.capacity;
  return units === environment.capacity.units ? undefined : `auto-inflate has raised it to ${units} units: they stay`;
}

/** Of what Terraform says while it initialises, the one thing that can take minutes. */
const TAKES_LONG = /^Installing provider/;

/** What Terraform says when a plan would destroy something that the template protects. */
const isProtection = (error: unknown) => error instanceof OmsError && /prevent_destroy/.test(error.original ?? '');

/**
 * Plans; where that would replace something that holds data, plans once more with the protection taken away, so that
 * the person who is asked sees all of it. Nothing is applied without that consent.
 */
async function planOrRelease(
  planned: Planned,
  report: (line: string) => void,
  context: Context,
): Promise<string | undefined> {
  try {
    await makePlan(planned, report, context);
    return undefined;
  } catch (error) {
    if (!isProtection(error) || planned.release) throw error;
    planned.release = true;
    await prepare(planned, context);
    await makePlan(planned, report, context);
    return 'it replaces what holds data';
  }
}

/** The steps from an environment to its saved plan: working folder, providers and state, plan. */
export const planSteps = (context: Context): [Step<Planned>, Step<Planned>, Step<Planned>] => [
  {
    title: 'preparing the working folder',
    run: (planned) => prepare(planned, context),
  },
  {
    title: 'reading providers and state',
    run: async ({ paths }, report) => {
      const onLine = (line: string) => TAKES_LONG.test(line) && report(line);
      await context.terraform.init({ folder: paths.terraform, signal: context.signal, onLine });
      return undefined;
    },
  },
  { title: 'planning', run: (planned, report) => planOrRelease(planned, report, context) },
];
