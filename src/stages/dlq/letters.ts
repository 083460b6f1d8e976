import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { withOrders } from '../order/show.ts';
import type { TargetFlags } from '../runs/targets.ts';
import { showBody } from './body.ts';
import type { Letter, LetterList, LetterState, LetterWithBody } from './result.ts';

const COLUMNS = `d.dead_letter_id AS id, d.state, d.reason, d.detail, d.event_id, d.event_type, d.order_id, d.hub,
  d.partition_id AS \`partition\`, d.sequence_number, d.failed_at, d.resolved_at, LENGTH(d.body) AS bytes,
  (SELECT COUNT(*) FROM parked_events p WHERE p.order_id = d.order_id AND p.reason = 'blocked') AS waiting`;

interface LetterRow extends RowDataPacket {
  order_id: Buffer | null;
  failed_at: Date;
  resolved_at: Date | null;
}

const toLetter = ({ order_id, failed_at, resolved_at, ...row }: LetterRow): Letter =>
  ({
    ...row,
    sequence_number: Number(row.sequence_number),
    order_id: order_id && uuidFromBytes(order_id),
    failed_at: failed_at.toISOString(),
    resolved_at: resolved_at?.toISOString() ?? null,
  }) as unknown as Letter;

/** The letters of these numbers, by number; those that do not exist are missing. */
export async function readLetters(pool: Pool, ids: readonly number[]): Promise<Map<number, Letter>> {
  if (ids.length === 0) return new Map();
  const [rows] = await pool.query<LetterRow[]>(
    `SELECT ${COLUMNS} FROM dead_letters d WHERE d.dead_letter_id IN (?) ORDER BY d.dead_letter_id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, toLetter(row)]));
}

/** The events as they came, by the numbers of their letters: up to a megabyte each, so a few at a time. */
export async function readBodies(pool: Pool, ids: readonly number[]): Promise<Map<number, Buffer>> {
  const [rows] = await pool.query<RowDataPacket[]>(
    'SELECT dead_letter_id AS id, body FROM dead_letters WHERE dead_letter_id IN (?)',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.body]));
}

/** Numbers of all open letters, in the order their events came in. */
export async function openLetters(pool: Pool): Promise<number[]> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT dead_letter_id AS id FROM dead_letters WHERE state = 'open'
      ORDER BY hub_created_at, partition_id, sequence_number`,
  );
  return rows.map((row) => row.id);
}

/** @throws {OmsError} not_found naming the numbers that no letter has */
export function requireLetters(ids: readonly number[], found: ReadonlyMap<number, Letter>): void {
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length === 0) return;
  throw new OmsError('not_found', `there is no dead letter ${missing.join(', ')}`, {
    next: ['oms dlq list --state all'],
  });
}

export interface ListOptions extends TargetFlags {
  state: LetterState | 'all';
  reason: string | undefined;
  limit: number;
}

/** The newest dead letters of a state. */
export function listLetters({ state, reason, limit, ...flags }: ListOptions, context: Context): Promise<LetterList> {
  const filters: [condition: string, value: unknown][] = [];
  if (state !== 'all') filters.push(['d.state = ?', state]);
  if (reason !== undefined) filters.push(['d.reason = ?', reason]);
  const where = filters.length > 0 ? `WHERE ${filters.map(([condition]) => condition).join(' AND ')}` : '';
  return withOrders(flags, context, async (pool) => {
    const [rows] = await pool.query<LetterRow[]>(
      `SELECT ${COLUMNS} FROM dead_letters d ${where} ORDER BY d.dead_letter_id DESC LIMIT ?`,
      [...filters.map(([, value]) => value), limit],
    );
    const [[count]] = await pool.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM dead_letters WHERE state = 'open'");
    return { letters: rows.map(toLetter), open: count!.n };
  });
}

/** One dead letter with its body, shown safely. @throws {OmsError} not_found */
export function showLetter({ id, ...flags }: TargetFlags & { id: number }, context: Context): Promise<LetterWithBody> {
  return withOrders(flags, context, async (pool) => {
    const found = await readLetters(pool, [id]);
    requireLetters([id], found);
    const bodies = await readBodies(pool, [id]);
    return { ...found.get(id)!, body: showBody(bodies.get(id)!) };
  });
}
