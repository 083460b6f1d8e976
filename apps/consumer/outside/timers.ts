import type { Pool } from '../../../lib/database/connect.ts';
import type { CloudEventEnvelope } from '../../../lib/domain/cloud-event.ts';
import type { DataOf, OrderEventType } from '../../../lib/domain/event-types.ts';
import { timerEventId } from '../../../lib/domain/ids.ts';
import { orderEvent } from '../../../lib/domain/order-events.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { toMessage } from '../../../lib/streaming/cloud-event-message.ts';
import { type Cursor, type DueOrder, type DueReturn, readDueOrders, readDueReturns, START } from './due-rows.ts';
import type { OutsideMetrics } from './outside-metrics.ts';

const SOURCE = '/timer';
const PAGE = 500;
/** More than this is said in the next round: the clock never floods the hub, however many orders a fast clock holds. */
const MOST_AT_ONCE = 1_000;
/** A word that has had no effect after this time is said again, under its own id. */
const SAY_AGAIN_MS = 30_000;

/** An event of the clock, in a form that can be told from the next one about the same order. */
interface Word<Type extends OrderEventType = OrderEventType> {
  type: Type;
  data: DataOf<Type>;
  /** The order or the return. */
  subject: string;
  version: number;
  dueAtMs: number;
  synthetic: boolean;
}

const dueAtOf = ({ due }: Cursor): number => Date.parse(`${due.replace(' ', 'T')}Z`);

function orderWord(order: DueOrder): Word {
  const { orderId: order_id, version, status, synthetic } = order;
  const common = { subject: order_id, version, dueAtMs: dueAtOf(order), synthetic };
  return status === 'delivered'
    ? { type: 'oms.return_window.closed.v1', data: { order_id, version }, ...common }
    : { type: 'oms.order.timed_out.v1', data: { order_id, from: status, version }, ...common };
}

const returnWord = (row: DueReturn): Word => ({
  type: 'oms.return.timed_out.v1',
  data: { order_id: row.orderId, return_id: row.returnId },
  subject: row.returnId,
  version: 1,
  dueAtMs: dueAtOf(row),
  synthetic: row.synthetic,
});

const toEvent = (word: Word, id: string): CloudEventEnvelope =>
  orderEvent(word.type, word.data, {
    id,
    source: SOURCE,
    time: new Date().toISOString(),
    ...(word.synthetic ? { synthetic: true } : {}),
  });

export interface TimersDependencies {
  pool: Pool;
  /** Sends to the hub that orders arrive on. */
  sender: EventSender;
  metrics: OutsideMetrics;
  owned: () => readonly number[];
}

/**
 * The one clock of orders and returns: finds those whose time has come and says so on the hub. It changes no row; what
 * the word means is decided where every other event of the order is.
 */
export class Timers {
  readonly #deps: TimersDependencies;
  /** When something was said, by the event's id; only of what is still due. */
  #said = new Map<string, number>();

  constructor(deps: TimersDependencies) {
    this.#deps = deps;
  }

  /** @returns whether something was due */
  async sweep(): Promise<boolean> {
    const partitions = this.#deps.owned();
    if (partitions.length === 0) return false;
    const said = new Map<string, number>();
    const { pool } = this.#deps;
    const now = Date.now();
    await this.#sweepPages(said, async (cursor) => {
      const orders = await readDueOrders(pool, partitions, now, cursor, PAGE);
      return { rows: orders, words: orders.map(orderWord) };
    });
    await this.#sweepPages(said, async (cursor) => {
      const returns = await readDueReturns(pool, partitions, now, cursor, PAGE);
      return { rows: returns, words: returns.map(returnWord) };
    });
    this.#said = said;
    return said.size > 0;
  }

  async #sweepPages(
    said: Map<string, number>,
    read: (cursor: Cursor) => Promise<{ rows: readonly Cursor[]; words: Word[] }>,
  ): Promise<void> {
    let cursor = START;
    for (let sent = 0; sent < MOST_AT_ONCE; ) {
      const { rows, words } = await read(cursor);
      sent += await this.#say(words, said);
      if (rows.length < PAGE) return;
      cursor = rows.at(-1)!;
    }
  }

  /** @returns how many were sent, without those that were said a moment ago */
  async #say(words: readonly Word[], said: Map<string, number>): Promise<number> {
    const now = Date.now();
    const sending: Promise<void>[] = [];
    for (const word of words) {
      const id = timerEventId(word.type, word.subject, word.version, word.dueAtMs);
      const before = this.#said.get(id) ?? Number.NEGATIVE_INFINITY;
      if (now - before < SAY_AGAIN_MS) {
        said.set(id, before);
        continue;
      }
      said.set(id, now);
      this.#deps.metrics.timers.inc({ type: word.type });
      sending.push(this.#deps.sender.send(toMessage(toEvent(word, id))));
    }
    await Promise.all(sending);
    return sending.length;
  }
}
