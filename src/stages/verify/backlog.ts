import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { readPositions } from '../../../lib/database/read-positions.ts';
import { CORE_CONSUMER_GROUP, ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import { formatCount } from '../../ui/format.ts';
import { conclude, type Offender, skipped } from './check.ts';
import { type HubState, readHub } from './hub-state.ts';
import type { CheckResult } from './result.ts';

const LOOK_EVERY_MS = 100;
async function outboxSize(pool: Pool): Promise<number> {
  const [rows] = await pool.query<({ waiting: number } & RowDataPacket)[]>('SELECT COUNT(*) AS waiting FROM outbox');
  return rows[0]!.waiting;
}

function compare(hub: HubState, positions: Map<number, number>): { first: Offender | undefined; count: number } {
  const faults = [...hub.partitions].flatMap(([partition, { last }]): Offender[] => {
    const position = positions.get(partition) ?? -1;
    if (position === last) return [];
    const detail =
      position < last
        ? `${formatCount(last - position)} events are not in the database yet`
        : `the database is at ${position}, the hub ends at ${last}`;
    return [{ offender: `partition ${partition} of ${ORDERS_HUB}`, detail }];
  });
  return { first: faults[0], count: faults.length };
}

export const POSITIONS_CHECK = { name: 'N4', sentence: 'the database has got to the end of every partition' };

async function look(pool: Pool, hubUrl: string | undefined, startedAt: number): Promise<CheckResult> {
  if (hubUrl === undefined) return skipped(POSITIONS_CHECK, 'no hub is known for this database');
  let hub: HubState | undefined;
  try {
    hub = await readHub(hubUrl);
  } catch {
    return skipped(POSITIONS_CHECK, `the hub at ${hubUrl} does not answer`);
  }
  if (!hub) return skipped(POSITIONS_CHECK, `the hub at ${hubUrl} has no "${ORDERS_HUB}"`);
  const positions = await readPositions(pool, ORDERS_HUB, CORE_CONSUMER_GROUP, hub.createdAt);
  return conclude(POSITIONS_CHECK, compare(hub, positions), startedAt, `${hub.partitions.size} partitions`);
}

/**
 * Waits until the pipeline is at rest: everything in the hub is in the database, and the outbox is published.
 * @returns the state of the positions when it was, or when `waitMs` had passed
 */
export async function waitForRest(
  pool: Pool,
  hubUrl: string | undefined,
  waitMs: number,
  signal: AbortSignal,
): Promise<CheckResult> {
  const startedAt = performance.now();
  for (;;) {
    const [positions, waiting] = await Promise.all([look(pool, hubUrl, startedAt), outboxSize(pool)]);
    const atRest = positions.result !== 'violated' && waiting === 0;
    if (atRest || performance.now() - startedAt >= waitMs) return positions;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
