import { Compile } from 'typebox/compile';
import { ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import { HubList } from '../local/backlog.ts';

const HUB_TIMEOUT_MS = 2_000;

const validator = Compile(HubList);

/** What each partition of the orders hub holds: sequence numbers of its first and last event; 0 and -1 when it has none. */
export interface HubState {
  createdAt: Date;
  partitions: Map<number, { first: number; last: number }>;
}

/**
 * @param url the hub's operations address
 * @returns undefined when it has no hub of that name
 * @throws when it does not answer, or in another form
 */
export async function readHub(url: string): Promise<HubState | undefined> {
  const response = await fetch(new URL('/hubs', url), { signal: AbortSignal.timeout(HUB_TIMEOUT_MS) });
  const hubs: unknown = await response.json();
  if (!validator.Check(hubs)) throw new Error(`${url}/hubs answers in another form`);
  const hub = hubs.find((candidate) => candidate.name === ORDERS_HUB);
  if (!hub) return undefined;
  const partitions = hub.partitions.map(
    ({ id, firstSequence, lastSequence }) =>
      [Number(id), { first: Math.max(0, firstSequence), last: lastSequence }] as const,
  );
  return { createdAt: new Date(hub.createdAt), partitions: new Map(partitions) };
}
