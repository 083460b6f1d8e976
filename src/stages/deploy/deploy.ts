import type { DeployOptions } from '../../config/deploy-options.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { confirm } from '../../ui/confirm.ts';
import { runSteps } from '../../ui/steps.ts';
import { certificateChecks } from './certificates.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { planDeployment } from './diff.ts';
import { readHostFacts } from './host-facts.ts';
import { type MadeRelease, makeRelease } from './make-release.ts';
import { planReport } from './plan-view.ts';
import { type Preflight, preflight, preflightError, toPreflight } from './preflight/preflight.ts';
import { preflightReport } from './preflight/preflight-report.ts';
import { resolveSite } from './resolve-site.ts';
import { type Rollout, rollOut } from './roll-out.ts';
import { saveSite } from './saved-site.ts';
import { type SiteSecrets, siteSecrets } from './secrets.ts';
import type { Site } from './site.ts';

export interface DeployResult {
  site: Site;
  /** "checked" with --check; "unchanged" where the servers had nothing to do. */
  outcome: 'checked' | 'unchanged' | 'deployed';
  preflight: Preflight['checks'];
  plan: DeployPlan;
  /** What was done; null with --check. */
  rollout: Rollout | null;
}

/** Everything that is known before anything is changed. */
export interface Ground {
  site: Site;
  secrets: SiteSecrets;
  made: MadeRelease;
  preflight: Preflight;
  plan: DeployPlan;
}

/** What has to be true before anything is changed: of the servers, and of what the site brings along. */
async function look(site: Site, context: Context): Promise<Preflight> {
  const found: { preflight?: Preflight } = {};
  const run = async () => {
    const [servers, certificates] = await Promise.all([preflight(site, context), certificateChecks(site, context)]);
    found.preflight = toPreflight([...certificates, ...servers.checks], servers.hosts);
    return undefined;
  };
  await runSteps(context.terminal, found, [{ title: 'looking at servers and certificates', run }]);
  const { terminal } = context;
  terminal.print(`${preflightReport(found.preflight!, terminal)}\n`);
  return found.preflight!;
}

/** What is there, what shall be there, and what that changes. */
async function survey(options: DeployOptions, context: Context): Promise<Ground> {
  const site = await resolveSite(options, context);
  const secrets = await siteSecrets(site, context, { keep: !options.check });
  const made = await makeRelease(site, secrets, context);
  const looked = await look(site, context);
  if (!looked.ok && !options.check) throw preflightError(looked);
  const states = await readHostFacts(site, context);
  const plan = planDeployment({ site, made, states, only: options.only, archive: options.images !== undefined });
  context.terminal.print(`${planReport(plan, context.terminal)}\n`);
  return { site, secrets, made, preflight: looked, plan };
}

function refuseIncompatible({ refused }: DeployPlan): void {
  if (!refused) return;
  throw new OmsError('incompatible_release', 'this release cannot be brought up beside the one that runs', {
    why: refused.why,
    next: [refused.next],
  });
}

async function requireYes({ site, plan }: Ground, options: DeployOptions, context: Context): Promise<void> {
  if (options.yes || plan.unchanged) return;
  const servers = site.hosts.map(({ name }) => name).join(', ');
  const question = `Deploy ${plan.release} to ${servers}?`;
  const flagged = `oms deploy --env ${site.name} --yes`;
  if (await confirm(context.terminal, question, flagged, { signal: context.signal })) return;
  throw new OmsError('refused', 'nothing was deployed', { next: [flagged] });
}

/**
 * Puts this version of the application on the servers of a site, without a request that fails; with `check` it only
 * tells what that would change.
 * @throws {OmsError} with what is missing, refused or failed, and what to do next; after a gate that failed, whether the
 * servers are back at the release of before.
 */
export async function deploy(options: DeployOptions, context: Context): Promise<DeployResult> {
  const ground = await survey(options, context);
  const { site, plan, preflight: looked } = ground;
  const result = { site, preflight: looked.checks, plan };
  if (options.check) return { ...result, outcome: 'checked', rollout: null };
  refuseIncompatible(plan);
  await requireYes(ground, options, context);
  saveSite(site, context);
  const rollout = await rollOut({ ...ground, command: 'oms deploy', action: 'deploy', options }, context);
  return { ...result, outcome: rollout.changed === 0 ? 'unchanged' : 'deployed', rollout };
}
