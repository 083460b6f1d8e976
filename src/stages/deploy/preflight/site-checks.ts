import { isIP } from 'node:net';
import type { Context } from '../../../context.ts';
import { describeHolder, holderState, readHolder } from '../lock-holder.ts';
import { readRecord } from '../read-record.ts';
import { Deploying, HostState } from '../release.ts';
import type { Site, SitePaths } from '../site.ts';
import { type Check, fail, type HostInput, ok, type Verdict, warn } from './check.ts';
import type { HostFacts } from './facts.ts';

/** Whether another deployment is at it, and whether that one is still alive. */
export async function judgeLock(
  { facts: { lock }, site }: Pick<HostInput, 'facts' | 'site'>,
  paths: Pick<SitePaths, 'runs'>,
  context: Pick<Context, 'machine'>,
): Promise<Verdict> {
  if (!lock.held) return ok('free');
  const holder = readHolder(lock.holder);
  const state = holder ? await holderState(holder, paths, context) : 'unknown';
  const unlock = `oms deploy --env ${site.name} --unlock`;
  const next = state === 'ended' ? [unlock] : ['wait until it is done', `if nobody is at it: ${unlock}`];
  return fail(`held by ${describeHolder(holder, state)}`, ...next);
}

/** What was left behind, and whether it can be read. */
export function judgeState({ facts: { state, deploying } }: Pick<HostInput, 'facts'>): Verdict {
  const cutOff = readRecord(deploying, Deploying);
  if (cutOff) {
    return warn(`a deployment of ${cutOff.release} was cut off in the phase "${cutOff.phase}"; this one takes it up`);
  }
  if (deploying !== null) return warn('a deployment was cut off, and what it left cannot be read');
  if (state === null) return ok('nothing is deployed yet');
  const running = readRecord(state, HostState);
  if (running) return ok(`${running.release} since ${running.deployedAt.slice(0, 16).replace('T', ' ')} UTC`);
  return fail('its state.json is not one of this version of oms', 'deploy with the oms that wrote it');
}

const addressesOf = async (names: readonly string[], { machine }: Pick<Context, 'machine'>) =>
  (await Promise.all(names.map((name) => (isIP(name) ? [name] : machine.resolveName(name))))).flat();

async function judgeDomain(domain: string, site: Site, context: Pick<Context, 'machine'>): Promise<Verdict> {
  const found = await addressesOf([domain], context);
  if (found.length === 0) return warn(`${domain} has no address yet`, `dig +short ${domain}`);
  const web = site.hosts.filter(({ groups }) => groups.includes('web')).map(({ address }) => address);
  const ours = await addressesOf(web, context);
  if (found.some((address) => ours.includes(address))) return ok(`${domain} is ${found.join(', ')}`);
  return warn(
    `${domain} is ${found.join(', ')}, none of the web servers (${ours.join(', ') || web.join(', ')})`,
    'right behind a load balancer or another network; otherwise change the DNS record',
  );
}

/** Whether browsers will find the shop. */
export async function domainChecks(site: Site, context: Pick<Context, 'machine'>): Promise<Check[]> {
  const names = site.domains.filter((domain) => !isIP(domain));
  const verdicts = await Promise.all(names.map((domain) => judgeDomain(domain, site, context)));
  return verdicts.map((verdict) => ({ id: 'dns', title: 'DNS', host: null, ...verdict }));
}

/** Two entries of the inventory that lead to one machine would deploy over each other. */
export function sameMachineChecks(facts: ReadonlyMap<string, HostFacts>): Check[] {
  const names = new Map<string, string[]>();
  for (const [host, { machineId }] of facts) {
    if (machineId) names.set(machineId, [...(names.get(machineId) ?? []), host]);
  }
  const shared = [...names.values()].filter((hosts) => hosts.length > 1);
  return shared.map((hosts) => ({
    ...{ id: 'same-machine', title: 'Machines', host: null },
    ...warn(
      `${hosts.join(' and ')} have one machine id: they are one server, or copies of one`,
      'name each server once; give a copy an id of its own: rm /etc/machine-id && systemd-machine-id-setup',
    ),
  }));
}
