import type { Pool, RowDataPacket } from '../../../../lib/database/connect.ts';
import { uuidFromBytes, uuidToBytes } from '../../../../lib/domain/ids.ts';
import { describeExpected, type Expected } from './bad-input.ts';

/** One piece of bad input that was sent. */
export interface Sent {
  key: string;
  orderId: string;
  kind: string;
  expected: Expected;
  /** What the order API answered, or what went wrong on the way; undefined for an event that the hub took. */
  answer: string | undefined;
}

/** Enough of a body to find the key of its order in it. */
const HEAD_BYTES = 6_000;
const CLOCK_SLACK_MS = 5_000;

interface Evidence {
  deadLetters: readonly { reason: string; head: string }[];
  orders: ReadonlyMap<string, { status: string; reason: string | null }>;
}

async function readDeadLetters(pool: Pool, since: Date): Promise<Evidence['deadLetters']> {
  const [rows] = await pool.query<({ reason: string; head: Buffer } & RowDataPacket)[]>(
    'SELECT reason, LEFT(body, ?) AS head FROM dead_letters WHERE failed_at >= ?',
    [HEAD_BYTES, new Date(since.getTime() - CLOCK_SLACK_MS)],
  );
  return rows.map(({ reason, head }) => ({ reason, head: head.toString('latin1') }));
}

async function readOrders(pool: Pool, sent: readonly Sent[]): Promise<Evidence['orders']> {
  if (sent.length === 0) return new Map();
  const [rows] = await pool.query<({ order_id: Buffer; status: string; reason_code: string | null } & RowDataPacket)[]>(
    'SELECT order_id, status, reason_code FROM orders WHERE order_id IN (?)',
    [sent.map(({ orderId }) => uuidToBytes(orderId))],
  );
  return new Map(
    rows.map((row) => [uuidFromBytes(row.order_id), { status: row.status, reason: row.reason_code }] as const),
  );
}

/** What really came of it, in the words of {@link describeExpected}. */
function found({ key, orderId, answer, expected }: Sent, { deadLetters, orders }: Evidence): string {
  if (answer !== undefined && !('stored' in expected && answer.startsWith('202'))) return answer;
  const order = orders.get(orderId);
  if (order) return order.status === 'rejected' ? `rejected ${order.reason}` : 'stored';
  const letter = deadLetters.find(({ head }) => head.includes(`"${key}"`));
  return letter ? `dead letter ${letter.reason}` : 'nothing';
}

export interface Surprise {
  kind: string;
  key: string;
  expected: string;
  got: string;
}

/** Which bad input had other consequences than it should have. */
export async function findSurprises(pool: Pool, sent: readonly Sent[], since: Date): Promise<Surprise[]> {
  const evidence = { deadLetters: await readDeadLetters(pool, since), orders: await readOrders(pool, sent) };
  return sent.flatMap((one) => {
    const expected = describeExpected(one.expected);
    const got = found(one, evidence);
    return got === expected ? [] : [{ kind: one.kind, key: one.key, expected, got }];
  });
}
