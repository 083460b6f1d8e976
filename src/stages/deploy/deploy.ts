import type { DeployOptions } from '../../config/deploy-options.ts';
import type { Context } from '../../context.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { planDeployment } from './diff.ts';
import { readHostFacts } from './host-facts.ts';
import { makeRelease } from './make-release.ts';
import { refuseUnknownParts } from './only.ts';
import { planReport } from './plan-view.ts';
import { type Preflight, preflightError } from './preflight/preflight.ts';
import { resolveSite } from './resolve-site.ts';
import { rollOut } from './roll-out.ts';
import type { Rollout } from './rollout/attempt.ts';
import { saveSite } from './saved-site.ts';
import { keepSecrets, refuseNewSecrets, siteSecrets } from './secrets.ts';
import type { Site } from './site.ts';
import { type Ground, look, refuseIncompatible, requireYes } from './survey.ts';

export interface DeployResult {
  site: Site;
  /** "checked" with --check; "unchanged" where the servers had nothing to do. */
  outcome: 'checked' | 'unchanged' | 'deployed';
  preflight: Preflight['checks'];
  plan: DeployPlan;
  /** What was done; null with --check. */
  rollout: Rollout | null;
}

/** What is there, what shall be there, and what that changes. */
async function survey(options: DeployOptions, context: Context): Promise<Ground> {
  const site = await resolveSite(options, context);
  refuseUnknownParts(site, options.only);
  const secrets = await siteSecrets(site, context, { keep: false });
  const made = await makeRelease(site, secrets, context);
  const preflight = await look(site, context);
  if (!preflight.ok && !options.check) throw preflightError(preflight);
  const states = await readHostFacts(site, context, preflight);
  refuseNewSecrets(site, secrets, states, context);
  const plan = planDeployment({ site, made, states, only: options.only, archive: options.images !== undefined });
  context.terminal.print(`${planReport(plan, context.terminal)}\n`);
  return { site, secrets, made, preflight, states, plan };
}

async function deployAs(options: DeployOptions, context: Context): Promise<DeployResult> {
  const ground = await survey(options, context);
  const { site, plan, preflight } = ground;
  const result = { site, preflight: preflight.checks, plan };
  if (options.check) return { ...result, outcome: 'checked', rollout: null };
  refuseIncompatible(plan);
  await requireYes(ground, { yes: options.yes, again: `oms deploy --env ${site.name}` }, context);
  await saveSite(site, context);
  await keepSecrets(site, ground.secrets, context);
  const rollout = await rollOut({ ...ground, command: 'oms deploy', action: 'deploy', options }, context);
  return { ...result, outcome: rollout.changed === 0 ? 'unchanged' : 'deployed', rollout };
}

/**
 * Puts this version of the application on the servers of a site, without a request that fails; with `check` it only
 * tells what that would change.
 * @throws {OmsError} with what is missing, refused or failed, and what to do next; after a gate that failed, whether the
 * servers are back at the release of before.
 */
export const deploy = (options: DeployOptions, context: Context): Promise<DeployResult> =>
  deployAs(options, context).finally(() => context.remote.close());
