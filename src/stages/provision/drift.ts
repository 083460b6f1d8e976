import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import type { Context } from '../../context.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { visible } from '../../ui/visible.ts';
import type { DiagnosticLog } from './apply/diagnostic-log.ts';
import type { EnvironmentPaths } from './environment.ts';
import { ResourceSummary, summarisePlan } from './plan/summary.ts';
import { VAULT_SECRETS } from './topology.ts';

/** What was changed in Azure since the last run, from what was recorded to what was found. */
export const Drift = Type.Object({ drifted: Type.Boolean(), resources: Type.Array(ResourceSummary) });
export type Drift = Static<typeof Drift>;

export interface DriftOptions {
  paths: Pick<EnvironmentPaths, 'terraform'>;
  log?: DiagnosticLog;
}

/** Looking changes nothing, so no secret is needed: the template only wants one of each name. */
const NO_SECRETS = Object.fromEntries(VAULT_SECRETS.map((name) => [name, '']));

/**
 * Compares Azure with the state; neither is changed.
 * The exit code of Terraform's plan is not asked: it counts a changed output, too, which nobody has touched in Azure.
 */
export async function detectDrift(options: DriftOptions, context: Context): Promise<Drift> {
  const { terraform, signal } = context;
  const folder = options.paths.terraform;
  const planFile = join(folder, 'oms-drift.tfplan');
  const onMessage = options.log?.onMessage ?? (() => undefined);
  try {
    await terraform.plan({ folder, planFile, mode: 'refresh-only', secrets: NO_SECRETS, signal, onMessage });
    const { drift } = summarisePlan(await terraform.showPlan({ folder, planFile, signal }));
    return { drifted: drift.length > 0, resources: drift };
  } finally {
    await rm(planFile, { force: true });
  }
}

function resourceLines({ kind, name, address, action, changes }: ResourceSummary, terminal: Pick<Terminal, 'style'>) {
  const what = action === 'delete' ? 'is gone' : 'was changed';
  const head = `${terminal.style('bold', `${kind} ${visible(name)}`)} ${what}  ${terminal.style('gray', visible(address))}`;
  return [head, ...changes.map(({ path, before, after }) => `  ${visible(path)}: ${before} -> ${after}`)];
}

/** The drift for people: each resource, old -> new, and the ways out. */
export function driftReport(drift: Drift, environment: string, terminal: Pick<Terminal, 'style'>): string {
  if (!drift.drifted) return `${environment} is as oms left it.`;
  const lines = drift.resources.flatMap((resource) => resourceLines(resource, terminal));
  return [
    `${drift.resources.length} of the resources of ${environment} differ from what oms left:`,
    ...lines,
    '',
    `Next: oms provision --env ${environment}   (shows the plan that sets it right)`,
  ].join('\n');
}
