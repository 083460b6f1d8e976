import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidFromBytes, uuidToBytes } from '../../../lib/domain/ids.ts';
import { RELEASE_PROPERTY, RETRY_PROPERTY } from '../../../lib/streaming/sent-again.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { confirm } from '../../ui/confirm.ts';
import { formatCount } from '../../ui/format.ts';
import { withOrders } from '../order/show.ts';
import { findDatabase, findEventHub, type TargetFlags } from '../runs/targets.ts';
import { openLetters, readBodies, readLetters, requireLetters } from './letters.ts';
import type { Letter, Resolution } from './result.ts';
import { partitionKeyOf, sendAll, withSender } from './send-again.ts';

export interface ResolveOptions extends TargetFlags {
  /** Numbers of letters; all that are open when there are none. */
  ids: readonly number[];
}

type Outcome = Resolution['letters'][number];

const LOOK_EVERY_MS = 100;
/** Bodies in memory at once; each may be a megabyte. */
const CHUNK = 50;

interface LetterState extends RowDataPacket {
  id: number;
  state: string;
  reason: string;
  detail: string;
  failed_at: Date;
}

const STATES = `SELECT dead_letter_id AS id, state, reason, detail, failed_at FROM dead_letters WHERE dead_letter_id IN (?)`;

function outcomeOf(letter: Letter, now: LetterState): Outcome | undefined {
  if (now.state === 'retried') return { id: letter.id, outcome: 'retried', detail: null };
  if (now.failed_at.toISOString() === letter.failed_at) return undefined;
  return { id: letter.id, outcome: 'failed_again', detail: `${now.reason}: ${now.detail}` };
}

/** What the consumer has said of these letters since they were read. */
async function lookAt(pool: Pool, letters: readonly Letter[]): Promise<Outcome[]> {
  const [rows] = await pool.query<LetterState[]>(STATES, [letters.map(({ id }) => id)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return letters.flatMap((letter) => outcomeOf(letter, byId.get(letter.id)!) ?? []);
}

/** Waits until the consumer has said what became of each letter, or the time is over. */
async function waitForOutcomes(
  pool: Pool,
  sent: readonly Letter[],
  wait: { ms: number; signal: AbortSignal },
): Promise<Outcome[]> {
  const deadline = performance.now() + wait.ms;
  const outcomes = new Map<number, Outcome>();
  for (;;) {
    const open = sent.filter(({ id }) => !outcomes.has(id));
    for (const outcome of await lookAt(pool, open)) outcomes.set(outcome.id, outcome);
    if (outcomes.size === sent.length || performance.now() >= deadline) break;
    await sleep(LOOK_EVERY_MS, undefined, { signal: wait.signal });
  }
  const unheard = (id: number): Outcome => ({ id, outcome: 'waiting', detail: 'sent, and not handled in this time' });
  return sent.map(({ id }) => outcomes.get(id) ?? unheard(id));
}

/** The letters meant, those that are open apart from those that are settled already. */
async function choose(pool: Pool, ids: readonly number[]) {
  const chosen = ids.length > 0 ? [...new Set(ids)].sort((a, b) => a - b) : await openLetters(pool);
  const found = await readLetters(pool, chosen);
  requireLetters(chosen, found);
  const letters = chosen.map((id) => found.get(id)!);
  const settled = letters
    .filter(({ state }) => state !== 'open')
    .map(({ id, state }): Outcome => ({ id, outcome: 'not_open', detail: `it is ${state}` }));
  return { letters, open: letters.filter(({ state }) => state === 'open'), settled };
}

async function hubOf(flags: TargetFlags, context: Context): Promise<string> {
  const connectionString = await findEventHub(await findDatabase(flags, context), context);
  if (connectionString !== undefined) return connectionString;
  throw new OmsError('hub_unreachable', 'no hub is known for this database', {
    next: ['set OMS_EVENTHUB_CONNECTION_STRING to the connection string of its namespace'],
  });
}

/**
 * Sends the events of dead letters to the hub again, in the order they came in. The consumer applies each, settles its
 * letter, and goes on with the events that waited behind it.
 * @param options.waitMs how long to wait until the consumer has taken what was sent
 * @throws {OmsError} when a letter does not exist, or the hub takes nothing
 */
export async function retryLetters(
  options: ResolveOptions & { waitMs: number },
  context: Context,
): Promise<Resolution> {
  const connectionString = await hubOf(options, context);
  return withOrders(options, context, async (pool) => {
    const { open, settled } = await choose(pool, options.ids);
    if (open.length === 0) return { letters: settled, released: 0 };
    await withSender(connectionString, async (sender) => {
      for (let at = 0; at < open.length; at += CHUNK) {
        const chunk = open.slice(at, at + CHUNK);
        const bodies = await readBodies(
          pool,
          chunk.map(({ id }) => id),
        );
        await sendAll(
          sender,
          chunk.map((letter) => {
            const body = bodies.get(letter.id)!;
            return {
              partitionKey: partitionKeyOf(letter, body),
              body,
              properties: { [RETRY_PROPERTY]: String(letter.id) },
            };
          }),
        );
      }
    });
    const wait = { ms: options.waitMs, signal: context.signal };
    return { letters: [...settled, ...(await waitForOutcomes(pool, open, wait))], released: 0 };
  });
}

interface BlockedEvent extends RowDataPacket {
  order_id: Buffer;
  sequence_number: number;
  body: Buffer;
}

/** The first waiting event of each of these orders (of all when undefined) that has no open letter any more. */
const FIRST_BLOCKED = `SELECT p.order_id, p.sequence_number, p.body FROM parked_events p
  WHERE p.reason = 'blocked'
    AND NOT EXISTS (SELECT 1 FROM dead_letters d
      WHERE d.order_id = p.order_id AND d.state = 'open' AND d.reason = 'handler_error')
    AND NOT EXISTS (SELECT 1 FROM parked_events q WHERE q.order_id = p.order_id AND q.reason = 'blocked'
      AND (q.hub_created_at < p.hub_created_at
        OR (q.hub_created_at = p.hub_created_at AND q.sequence_number < p.sequence_number)))`;

/** Sets the events of orders going again that wait behind nothing any more. Returns of how many orders. */
async function releaseOrders(pool: Pool, orders: readonly string[] | 'all', connectionString: string): Promise<number> {
  if (orders.length === 0) return 0;
  const [waiting] =
    orders === 'all'
      ? await pool.query<BlockedEvent[]>(FIRST_BLOCKED)
      : await pool.query<BlockedEvent[]>(`${FIRST_BLOCKED} AND p.order_id IN (?)`, [orders.map(uuidToBytes)]);
  if (waiting.length === 0) return 0;
  const events = waiting.map(({ order_id, sequence_number, body }) => ({
    partitionKey: uuidFromBytes(order_id),
    body,
    properties: { [RELEASE_PROPERTY]: String(sequence_number) },
  }));
  await withSender(connectionString, (sender) => sendAll(sender, events));
  return waiting.length;
}

/** @throws {OmsError} refused when nobody says yes to giving up everything */
async function confirmAll(count: number, context: Context): Promise<void> {
  const question = `Give up ${formatCount(count)} dead letters for good?`;
  if (await confirm(context.terminal, question, 'oms dlq drop --all --yes')) return;
  throw new OmsError('refused', 'nothing was given up', { next: ['oms dlq list', 'oms dlq retry --all'] });
}

/**
 * Gives events up for good: their letters stay as a record, and what waited behind them goes on. Done again after a
 * failure it only releases what still waits.
 * @param options.yes give up every open letter without asking
 * @throws {OmsError} when a letter does not exist, or the hub takes nothing
 */
export async function dropLetters(options: ResolveOptions & { yes: boolean }, context: Context): Promise<Resolution> {
  const connectionString = await hubOf(options, context);
  const isAll = options.ids.length === 0;
  return withOrders(options, context, async (pool) => {
    const { letters, open, settled } = await choose(pool, options.ids);
    if (isAll && open.length > 0 && !options.yes) await confirmAll(open.length, context);
    const ids = open.map(({ id }) => id);
    if (ids.length > 0) {
      await pool.query(
        "UPDATE dead_letters SET state = 'dropped', resolved_at = NOW(6) WHERE dead_letter_id IN (?) AND state = 'open'",
        [ids],
      );
    }
    const orders = isAll ? 'all' : [...new Set(letters.flatMap(({ order_id }) => order_id ?? []))];
    const released = await releaseOrders(pool, orders, connectionString);
    return { letters: [...settled, ...ids.map((id): Outcome => ({ id, outcome: 'dropped', detail: null }))], released };
  });
}
