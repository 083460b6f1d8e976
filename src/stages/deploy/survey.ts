import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { confirm } from '../../ui/confirm.ts';
import { runSteps } from '../../ui/steps.ts';
import { certificateChecks } from './certificates.ts';
import type { DeployPlan } from './deploy-plan.ts';
import type { HostFacts } from './diff.ts';
import type { MadeRelease } from './make-release.ts';
import { type Preflight, preflight, toPreflight } from './preflight/preflight.ts';
import { preflightReport } from './preflight/preflight-report.ts';
import type { SiteSecrets } from './secrets.ts';
import type { Site } from './site.ts';

/** Everything that is known before anything is changed. */
export interface Ground {
  site: Site;
  secrets: SiteSecrets;
  made: MadeRelease;
  preflight: Preflight;
  /** What the servers said of themselves when the plan was made. */
  states: HostFacts[];
  plan: DeployPlan;
}

/** What has to be true before anything is changed: of the servers, and of what the site brings along. */
export async function look(site: Site, context: Context): Promise<Preflight> {
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

/** @throws {OmsError} incompatible_release when old and new code cannot work on one schema. */
export function refuseIncompatible({ refused, release }: DeployPlan): void {
  if (!refused) return;
  throw new OmsError('incompatible_release', `release ${release} cannot be brought up beside the one that runs`, {
    why: refused.why,
    next: [refused.next],
  });
}

/**
 * Asks once before servers are changed; not where there is nothing to change.
 * @param again the call that is repeated with --yes.
 * @throws {OmsError} refused without a yes.
 */
export async function requireYes(
  { site, plan }: Pick<Ground, 'site' | 'plan'>,
  { yes, again }: { yes: boolean; again: string },
  context: Context,
): Promise<void> {
  if (yes || plan.unchanged) return;
  const servers = site.hosts.map(({ name }) => name).join(', ');
  const flagged = `${again} --yes`;
  const { terminal, signal } = context;
  if (await confirm(terminal, `Bring up ${plan.release} on ${servers}?`, flagged, { signal })) return;
  throw new OmsError('refused', 'nothing was deployed', { next: [flagged] });
}
