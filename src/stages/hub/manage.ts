import { resolve } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { JsonAnswer } from '../../adapters/http/json-request.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { confirm } from '../../ui/confirm.ts';
import { readLocalEndpoints } from '../local/endpoints.ts';
import { localPaths } from '../local/paths.ts';
import { LocalSecrets } from '../local/secrets.ts';
import { HubStatus } from './hub-status.ts';
import { hubPaths, KEY_NAME, RunningHub } from './paths.ts';

/** Which hub is meant. */
export interface HubTarget {
  url: string | undefined;
  data: string | undefined;
}

interface FoundHub {
  httpUrl: string;
  key: string | null;
}

const PROBE_DEADLINE_MS = 1_000;
const hubList = Compile(Type.Array(HubStatus));
const hubStatus = Compile(HubStatus);
const Failure = Compile(Type.Object({ message: Type.String() }));

async function localStackHub({ machine, settings }: Context): Promise<FoundHub | undefined> {
  const endpoints = await readLocalEndpoints(settings.localDir).catch(() => undefined);
  if (endpoints === undefined) return undefined;
  const secrets = await machine.readJson(localPaths(settings.dir).secretsFile, Type.Partial(LocalSecrets));
  return { httpUrl: endpoints.hubHttpUrl, key: secrets?.hubKey ?? null };
}

/** The hub that is meant: named by its address or folder, else `oms hub` of this project, else that of `oms up`. */
async function findHub(context: Context, { url, data }: HubTarget): Promise<FoundHub> {
  const { machine, settings } = context;
  if (url !== undefined) return { httpUrl: url.replace(/\/+$/, ''), key: settings.hubKey ?? null };
  const { runningFile } = hubPaths(settings.dir, data && resolve(data));
  const candidates = [
    await machine.readJson(runningFile, RunningHub),
    data === undefined ? await localStackHub(context) : undefined,
  ];
  for (const found of candidates) {
    if (found && (await machine.probe(`${found.httpUrl}/livez`, PROBE_DEADLINE_MS)).ok) return found;
  }
  throw new OmsError('hub_unreachable', 'no local hub is running', { next: ['oms hub', 'oms up'] });
}

const CODES = { 400: 'usage', 401: 'refused', 403: 'refused', 404: 'not_found', 409: 'refused' } as const;

function refusal({ status, body }: JsonAnswer): OmsError {
  const message = Failure.Check(body) ? body.message : `the hub answered ${status}`;
  const code = CODES[status as keyof typeof CODES] ?? 'hub_unreachable';
  const next = status === 401 ? ['set OMS_HUB_KEY to the key of the hub'] : status === 404 ? ['oms hub list'] : [];
  return new OmsError(code, message, { next });
}

/** Asks the hub that is meant. @throws {OmsError} hub_unreachable, or what the hub refuses */
export async function askHub(
  context: Context,
  target: HubTarget,
  request: { method: 'GET' | 'PUT' | 'DELETE'; path: string; body?: unknown },
): Promise<unknown> {
  const { httpUrl, key } = await findHub(context, target);
  const { path, ...rest } = request;
  const credentials = key === null ? undefined : { name: KEY_NAME, key };
  const answer = await context.machine
    .requestJson({ ...rest, url: `${httpUrl}${path}`, credentials }, context.signal)
    .catch((error: unknown) => {
      context.signal.throwIfAborted();
      throw new OmsError('hub_unreachable', `the hub at ${httpUrl} does not answer`, {
        why: messageOf((error as Error).cause ?? error),
        next: ['oms hub'],
      });
    });
  if (answer.status >= 300) throw refusal(answer);
  return answer.body;
}

const misunderstood = () =>
  new OmsError('hub_unreachable', 'what answered is no hub of ours', { next: ['oms hub list'] });

function oneHub(body: unknown): HubStatus {
  if (hubStatus.Check(body)) return body;
  throw misunderstood();
}

const pathOf = (name: string, group?: string): string =>
  `/hubs/${encodeURIComponent(name)}${group === undefined ? '' : `/groups/${encodeURIComponent(group)}`}`;

export async function listHubs(context: Context, target: HubTarget): Promise<HubStatus[]> {
  const body = await askHub(context, target, { method: 'GET', path: '/hubs' });
  if (hubList.Check(body)) return body;
  throw misunderstood();
}

/** @throws {OmsError} not_found */
export async function showHub(context: Context, target: HubTarget, name: string): Promise<HubStatus> {
  return oneHub(await askHub(context, target, { method: 'GET', path: pathOf(name) }));
}

/** What is asked of a hub; what is left out stays as it is. */
export interface HubWishes {
  partitions: number;
  groups: readonly string[] | undefined;
  retentionMs: number | undefined;
}

const MS_PER_SECOND = 1_000;

const bodyOf = ({ partitions, groups, retentionMs }: HubWishes) => ({
  partitions,
  ...(groups && { consumerGroups: groups }),
  ...(retentionMs !== undefined && { retention: { seconds: Math.ceil(retentionMs / MS_PER_SECOND) } }),
});

/** Makes a hub; one that is there with as many partitions gets what it lacks. @throws {OmsError} refused */
export async function createHub(
  context: Context,
  target: HubTarget,
  name: string,
  wishes: HubWishes,
): Promise<HubStatus> {
  return oneHub(await askHub(context, target, { method: 'PUT', path: pathOf(name), body: bodyOf(wishes) }));
}

/** @throws {OmsError} not_found, refused */
export async function changeHub(
  context: Context,
  target: HubTarget,
  name: string,
  wishes: Omit<HubWishes, 'partitions'> & { removeGroups: readonly string[] | undefined },
): Promise<HubStatus> {
  const { partitions } = await showHub(context, target, name);
  await createHub(context, target, name, { ...wishes, partitions: partitions.length });
  for (const group of wishes.removeGroups ?? []) {
    await askHub(context, target, { method: 'DELETE', path: pathOf(name, group) });
  }
  return showHub(context, target, name);
}

/** What was removed. */
export interface RemovedHub {
  name: string;
  removed: boolean;
  /** Events that were in it. */
  events: number;
}

export const countEvents = ({ partitions }: HubStatus): number =>
  partitions.reduce(
    (sum, { firstSequence, lastSequence }) => sum + (lastSequence < 0 ? 0 : lastSequence - firstSequence + 1),
    0,
  );

/** Removes a hub with its events, after a yes. @throws {OmsError} not_found, refused where nobody can be asked */
export async function deleteHub(context: Context, target: HubTarget, name: string, yes: boolean): Promise<RemovedHub> {
  const hub = await showHub(context, target, name);
  const events = countEvents(hub);
  const question = `Remove ${hub.name} with its ${events.toLocaleString('en-US')} events?`;
  const { terminal, signal } = context;
  if (!yes && !(await confirm(terminal, question, `oms hub delete ${name} --yes`, { signal }))) {
    return { name: hub.name, removed: false, events };
  }
  await askHub(context, target, { method: 'DELETE', path: pathOf(name) });
  return { name: hub.name, removed: true, events };
}
