import type { RolloutOptions } from '../../config/deploy-options.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import type { DeployResult } from './deploy.ts';
import { planDeployment } from './diff.ts';
import { readHostFacts } from './host-facts.ts';
import { readHostRecord } from './host-state.ts';
import { makeRelease } from './make-release.ts';
import { planReport } from './plan-view.ts';
import { preflightError } from './preflight/preflight.ts';
import type { Release } from './release.ts';
import { rollOut } from './roll-out.ts';
import { knownSite } from './saved-site.ts';
import { keepSecrets, refuseNewSecrets, siteSecrets } from './secrets.ts';
import { type Site, sitePaths } from './site.ts';
import { look, refuseIncompatible, requireYes } from './survey.ts';
import { targetOf } from './targets.ts';

export interface RollbackOptions extends RolloutOptions {
  env: string;
  /** Name of a release; the one before the running one without it. */
  to?: string | undefined;
  check: boolean;
  why?: string | undefined;
  yes: boolean;
}

/** The releases that every server of a site still has, the newest first, and the one before the running one. */
async function keptReleases(site: Site, context: Context): Promise<{ kept: Release[]; previous: string | null }> {
  const paths = sitePaths(context.settings.dir, site.name);
  const records = await Promise.all(
    site.hosts.map((host) => readHostRecord(targetOf(host, site, paths), site.home, context)),
  );
  const [first, ...others] = records;
  const kept = (first?.releases ?? []).filter(({ id }) =>
    others.every(({ releases }) => releases.some((release) => release.id === id)),
  );
  const states = records.flatMap(({ state }) => state ?? []);
  if (states.length === 0) {
    throw new OmsError('not_deployed', `nothing runs on the servers of ${site.name}`, {
      next: [`oms deploy --env ${site.name}`],
    });
  }
  return { kept, previous: states[0]!.previous };
}

async function chooseRelease(site: Site, to: string | undefined, context: Context): Promise<Release> {
  const { kept, previous } = await keptReleases(site, context);
  const wanted = to ?? previous;
  const found = kept.find(({ id }) => id === wanted);
  if (found) return found;
  const names = kept.map(({ id, madeAt }) => `${id} of ${madeAt.slice(0, 16).replace('T', ' ')} UTC`);
  throw new OmsError('not_found', wanted ? `the servers do not have release ${wanted}` : 'there is no release before', {
    why: names.length > 0 ? `they have ${names.join(', ')}` : 'they have none',
    next: [
      ...kept.slice(0, 1).map(({ id }) => `oms rollback --env ${site.name} --to ${id}`),
      `oms history --env ${site.name}`,
    ],
  });
}

async function rollBackAs(options: RollbackOptions, context: Context): Promise<DeployResult> {
  const site = await knownSite(options.env, context);
  const preflight = await look(site, context);
  if (!preflight.ok && !options.check) throw preflightError(preflight);
  const release = await chooseRelease(site, options.to, context);
  const secrets = await siteSecrets(site, context, { keep: false });
  // What is not in its folder on the servers, the routes alone, is made as this version makes it.
  const made = { ...(await makeRelease(site, secrets, context)), release };
  const states = await readHostFacts(site, context, preflight);
  refuseNewSecrets(site, secrets, states, context);
  const plan = planDeployment({ site, made, states, back: true });
  context.terminal.print(`${planReport(plan, context.terminal)}\n`);
  const result = { site, preflight: preflight.checks, plan };
  if (options.check) return { ...result, outcome: 'checked', rollout: null };
  refuseIncompatible(plan);
  const ground = { site, secrets, made, preflight, states, plan };
  await requireYes(ground, { yes: options.yes, again: `oms rollback --env ${site.name}` }, context);
  await keepSecrets(site, secrets, context);
  const rollout = await rollOut({ ...ground, command: 'oms rollback', action: 'rollback', options }, context);
  return { ...result, outcome: rollout.changed === 0 ? 'unchanged' : 'deployed', rollout };
}

/**
 * Brings an earlier release back that the servers still have, in the same order as a deployment and as gently; the
 * schema stays as it is.
 * @throws {OmsError} not_deployed, not_found naming the releases there are; incompatible_release where a migration has
 * removed what it uses; what a deployment throws.
 */
export const rollBack = (options: RollbackOptions, context: Context): Promise<DeployResult> =>
  rollBackAs(options, context).finally(() => context.remote.close());
