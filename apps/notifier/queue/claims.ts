import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, ResultSetHeader } from '../../../lib/database/connect.ts';
import { isPassing } from '../../../lib/database/errors.ts';
import * as sql from '../../../lib/database/sql-text.ts';

/** Rows of one table that this process has taken, until somebody else may take them: 2 ^ 48 makes a claim its own. */
export interface Claim {
  id: number;
  /** End of the lease; milliseconds since 1970. */
  until: number;
}

/** The tables that notifiers work off, and what names a row of theirs. */
export const QUEUES = {
  notifications: { key: ['order_seq', 'message_key'], changes: ['due_at', 'tries', 'last_error', 'sent_to'] },
  documents: {
    key: ['order_seq', 'kind', 'doc_no'],
    changes: ['due_at', 'tries', 'last_error', 'blob_key', 'bytes', 'sha256'],
  },
} as const;
export type QueueName = keyof typeof QUEUES;

const MAX_CLAIM = 2 ** 48 - 1;

/** Long enough for a page whose receivers are slow; a page stops sending at half of it. */
export const LEASE_MS = 60_000;

/**
 * Takes the rows that have been due longest, by moving their due time to the end of a lease: when this process ends in
 * the middle they are due again then. Notifiers side by side never take the same row.
 * @returns undefined when nothing is due
 */
export async function claimDue(pool: Pool, queue: QueueName, limit: number, nowMs: number): Promise<Claim | undefined> {
  const claim = { id: randomInt(1, MAX_CLAIM), until: nowMs + LEASE_MS };
  const [{ affectedRows }] = await pool.query<ResultSetHeader>(
    `UPDATE ${queue} SET due_at = ${sql.time(claim.until)}, claim = ${sql.integer(claim.id)}
     WHERE due_at <= ${sql.time(nowMs)} ORDER BY due_at LIMIT ${sql.integer(limit)}`,
  );
  return affectedRows > 0 ? claim : undefined;
}

/** The condition that finds the rows of a claim, by the index on the due time. */
export const isClaimed = (alias: string, { id, until }: Claim): string =>
  `${alias}.due_at = ${sql.time(until)} AND ${alias}.claim = ${sql.integer(id)}`;

const ATTEMPTS = 5;
const PAUSE_MS = 200;

/**
 * Writes what became of claimed rows and lets go of them. Rows that somebody else has taken since, because the lease
 * had ended, stay as they are.
 * @param rows literals of key and changes, in the order of {@link QUEUES}
 */
export async function settle(
  pool: Pool,
  queue: QueueName,
  claim: Claim,
  rows: readonly (readonly sql.Literal[])[],
): Promise<void> {
  const { key, changes } = QUEUES[queue];
  const claimed = rows.map((row) => [...row.slice(0, key.length), sql.integer(claim.id), ...row.slice(key.length)]);
  const set = changes.map((column) => `${queue}.${column}=changed.new_${column}`);
  const statement = sql.updateEach(queue, [...key, 'claim'], changes, claimed, [...set, `${queue}.claim=NULL`]);
  if (statement === '') return;
  for (let attempt = 1; ; attempt++) {
    try {
      await pool.query(statement);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await delay(PAUSE_MS * attempt);
    }
  }
}
