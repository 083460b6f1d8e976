import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { readPositions } from '../../../lib/database/read-positions.ts';
import { CORE_CONSUMER_GROUP, ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import type { Backlog } from './health.ts';

/** What the hub's GET /hubs tells of one hub; -1 as a sequence number: nothing there. */
export const HubList = Type.Array(
  Type.Object({
    name: Type.String(),
    createdAt: Type.String(),
    partitions: Type.Array(
      Type.Object({ id: Type.String(), firstSequence: Type.Integer(), lastSequence: Type.Integer() }),
    ),
  }),
);
export type HubList = Static<typeof HubList>;

export interface Checkpoint {
  partition: string;
  sequence: number;
}

const validator = Compile(HubList);

/** The hub whose events the consumer stores; undefined when the answer is not understood. */
export function findOrdersHub(answer: unknown): HubList[number] | undefined {
  return validator.Check(answer) ? answer.find(({ name }) => name === ORDERS_HUB) : undefined;
}

/** Events after each partition's checkpoint; without one, all that the partition holds. */
export function countWaiting(hub: HubList[number], checkpoints: readonly Checkpoint[]): number {
  const stored = new Map(checkpoints.map(({ partition, sequence }) => [partition, sequence]));
  return hub.partitions.reduce((sum, { id, firstSequence, lastSequence }) => {
    if (lastSequence < 0) return sum;
    return sum + Math.max(0, lastSequence - Math.max(stored.get(id) ?? -1, firstSequence - 1));
  }, 0);
}

/**
 * Compares the hub's log with what the database has stored.
 * @throws {Error} when the database does not answer; `deadlineMs` bounds the connecting.
 */
export async function readBacklog(hub: HubList[number], databaseUrl: string, deadlineMs: number): Promise<Backlog> {
  const { connect } = await import('../../../lib/database/connect.ts');
  const connection = await connect(databaseUrl, { connectTimeout: deadlineMs });
  // A server that has stopped answering in the middle must not keep this process alive.
  const guard = setTimeout(() => connection.destroy(), deadlineMs);
  try {
    const positions = await readPositions(connection, ORDERS_HUB, CORE_CONSUMER_GROUP, new Date(hub.createdAt));
    const [dead] = await connection.query('SELECT COUNT(*) AS n FROM dead_letters');
    const checkpoints = [...positions].map(([partition, sequence]) => ({ partition: String(partition), sequence }));
    return { events: countWaiting(hub, checkpoints), deadLetters: Number((dead as { n: number }[])[0]?.n ?? 0) };
  } finally {
    await connection.end().catch(() => undefined);
    clearTimeout(guard);
  }
}
