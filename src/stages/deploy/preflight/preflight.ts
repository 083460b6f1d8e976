import type { Context } from '../../../context.ts';
import { type ErrorCode, OmsError } from '../../../errors.ts';
import { type Site, type SitePaths, sitePaths } from '../site.ts';
import type { Check, HostInput, Verdict } from './check.ts';
import { DOCKER_CHECKS } from './docker-checks.ts';
import type { HostFacts } from './facts.ts';
import { domainChecks, judgeLock, judgeState, sameMachineChecks } from './site-checks.ts';
import { type Surveyed, surveyHosts } from './survey.ts';
import { SYSTEM_CHECKS } from './system-checks.ts';

export interface Preflight {
  checks: Check[];
  /** Whether nothing failed. */
  ok: boolean;
  /** By name, of those that answered. */
  hosts: Record<string, HostFacts>;
}

/** The list is open: checks of secrets and certificates join those of the servers. */
export function toPreflight(checks: readonly Check[], hosts: Record<string, HostFacts> = {}): Preflight {
  return { checks: [...checks], ok: checks.every(({ state }) => state !== 'fail'), hosts };
}

const reachOf = (surveyed: Surveyed): Verdict =>
  'facts' in surveyed
    ? { state: 'ok', why: `${surveyed.host.address} answers`, next: [] }
    : {
        state: 'fail',
        why: [surveyed.error.message, surveyed.error.why].filter(Boolean).join(': '),
        next: surveyed.error.next,
      };

async function checksOf(surveyed: Surveyed, site: Site, paths: SitePaths, context: Context): Promise<Check[]> {
  const { host } = surveyed;
  const reach: Check = { id: 'reach', title: 'Reach', host: host.name, ...reachOf(surveyed) };
  if (!('facts' in surveyed)) return [reach];
  const input: HostInput = { site, host, facts: surveyed.facts };
  const judged = [...SYSTEM_CHECKS, ...DOCKER_CHECKS].flatMap(({ id, title, judge }) => {
    const verdict = judge(input);
    return verdict ? [{ id, title, host: host.name, ...verdict }] : [];
  });
  return [
    reach,
    ...judged,
    { id: 'state', title: 'State', host: host.name, ...judgeState(input) },
    { id: 'lock', title: 'Lock', host: host.name, ...(await judgeLock(input, paths, context)) },
  ];
}

/**
 * Looks at every server of a site before anything is changed, and changes nothing. What is wrong is in the checks, all
 * of it at once; only an interruption is thrown.
 */
export async function preflight(site: Site, context: Context): Promise<Preflight> {
  const paths = sitePaths(context.settings.dir, site.name);
  const surveyed = await surveyHosts(site, paths, context);
  const facts = new Map(surveyed.flatMap((one) => ('facts' in one ? [[one.host.name, one.facts] as const] : [])));
  const [hosts, domains] = await Promise.all([
    Promise.all(surveyed.map((one) => checksOf(one, site, paths, context))),
    domainChecks(site, context),
  ]);
  return toPreflight([...hosts.flat(), ...sameMachineChecks(facts), ...domains], Object.fromEntries(facts));
}

/** What the whole is called by, when these are all that failed. */
const CODES: Readonly<Record<string, ErrorCode>> = { reach: 'host_unreachable', lock: 'deploy_locked' };

/** The failure that ends a deployment whose preflight did not pass. */
export function preflightError({ checks }: Preflight): OmsError {
  const bad = checks.filter(({ state }) => state === 'fail');
  const ids = new Set(bad.map(({ id }) => id));
  const code = (ids.size === 1 && CODES[bad[0]?.id ?? '']) || 'preflight_failed';
  const count = bad.length === 1 ? 'one thing is' : `${bad.length} things are`;
  return new OmsError(code, `${count} not as a deployment needs them; nothing was changed`, {
    why: bad.map(({ host, title, why }) => `${host ? `${host}, ` : ''}${title}: ${why}`).join('; '),
    next: [...new Set(bad.flatMap(({ next }) => next))],
  });
}
