import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { withConnection } from '../../../lib/database/with-connection.ts';
import type { CloudEventEnvelope } from '../../../lib/domain/cloud-event.ts';
import type { DataOf } from '../../../lib/domain/event-types.ts';
import { Sku } from '../../../lib/domain/fields.ts';
import { countEventId } from '../../../lib/domain/ids.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { toMessage } from '../../../lib/streaming/cloud-event-message.ts';
import { HttpPeer } from './http-peer.ts';
import { OutcomeUnknownError } from './performer.ts';

/** One count of an external inventory: so many units lie there, reserved ones included. */
export const StockLevel = Type.Object({
  sku: Sku,
  warehouse: Type.String({ pattern: '^[A-Za-z0-9_-]{1,16}$' }),
  on_hand: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  /** Changes with every count; the same one is applied once. */
  revision: Type.String({ minLength: 1, maxLength: 64 }),
});
export type StockLevel = Static<typeof StockLevel>;

/** Answer of GET <url>/levels?after=<cursor>; `next` is the cursor of the next page. */
const LevelPage = Type.Object({
  levels: Type.Array(StockLevel, { maxItems: 1_000 }),
  next: Type.Union([Type.String(), Type.Null()]),
});
const levelPage = Compile(LevelPage);

/** A system that counts stock. An adapter is one class. */
export interface InventorySource {
  /** Its name in events. */
  readonly name: string;
  /** All counts, page by page. @throws {OutcomeUnknownError} when it does not answer as it should */
  levels(signal: AbortSignal): AsyncIterable<readonly StockLevel[]>;
  close(): Promise<void>;
}

/** An inventory that serves its counts over HTTP. */
export class HttpInventory implements InventorySource {
  readonly name = 'http';
  readonly #peer: HttpPeer;

  constructor(baseUrl: string) {
    this.#peer = new HttpPeer(baseUrl, { name: 'the inventory' });
  }

  async *levels(signal: AbortSignal): AsyncGenerator<readonly StockLevel[]> {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path: string = `/levels${cursor && `?after=${encodeURIComponent(cursor)}`}`;
      const { status, body } = await this.#peer.request({ method: 'GET', path }, signal);
      if (status >= 400 || !levelPage.Check(body)) {
        throw new OutcomeUnknownError(`the inventory answered ${status} with something that is no page of levels`);
      }
      yield body.levels;
      if (body.next === cursor) throw new OutcomeUnknownError(`the inventory's page after ${cursor} leads to itself`);
      cursor = body.next;
    }
  }

  close(): Promise<void> {
    return this.#peer.close();
  }
}

const BOOK_DEADLINE_MS = 5_000;

const keyOf = ({ sku, warehouse }: { sku: string; warehouse: string }): string => `${sku}|${warehouse}`;

/** What the books have of the products of some counts. */
async function readBook(pool: Pool, levels: readonly StockLevel[]): Promise<Map<string, number>> {
  if (levels.length === 0) return new Map();
  const [rows] = await withConnection(pool, BOOK_DEADLINE_MS, (connection) =>
    connection.query<RowDataPacket[]>(
      `SELECT p.sku, s.warehouse, s.on_hand FROM products p JOIN stock s ON s.product_id = p.product_id
       WHERE p.sku IN (?)`,
      [levels.map(({ sku }) => sku)],
    ),
  );
  return new Map(rows.map((row) => [keyOf(row as { sku: string; warehouse: string }), Number(row.on_hand)]));
}

type CountEvent = {
  [Type in 'oms.stock.received.v1' | 'oms.stock.adjusted.v1']: { type: Type; data: DataOf<Type> };
}['oms.stock.received.v1' | 'oms.stock.adjusted.v1'];

/** More than the books have came in; less is a difference, and none is said too, so that the count is known as applied. */
function countEvent({ sku, warehouse, on_hand }: StockLevel, book: number): CountEvent {
  const quantity = on_hand - book;
  return quantity > 0
    ? { type: 'oms.stock.received.v1', data: { sku, warehouse, quantity } }
    : { type: 'oms.stock.adjusted.v1', data: { sku, warehouse, quantity, reason: 'external count' } };
}

function toEnvelope(source: string, level: StockLevel, { type, data }: CountEvent): CloudEventEnvelope {
  return {
    specversion: '1.0',
    id: countEventId(source, level.sku, level.warehouse, level.revision),
    source: `/inventory/${source}`,
    type,
    subject: `stock/${level.sku}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataschema: `/schemas/${type}.json`,
    partitionkey: level.sku,
    data,
  };
}

/**
 * Brings the counts of an external inventory into the books, as events: each count once, however many consumers read it
 * and however often. Products and warehouses that the books do not know are left out.
 */
export class InventorySync {
  readonly #source: InventorySource;
  readonly #pool: Pool;
  readonly #sender: EventSender;
  readonly #revisions = new Map<string, string>();

  constructor(source: InventorySource, pool: Pool, sender: EventSender) {
    this.#source = source;
    this.#pool = pool;
    this.#sender = sender;
  }

  /** @returns whether there were new counts */
  async round(signal: AbortSignal): Promise<boolean> {
    let found = false;
    for await (const levels of this.#source.levels(signal)) {
      const fresh = levels.filter((level) => this.#revisions.get(keyOf(level)) !== level.revision);
      const book = await readBook(this.#pool, fresh);
      await Promise.all(fresh.map((level) => this.#tell(level, book.get(keyOf(level)))));
      found ||= fresh.length > 0;
    }
    return found;
  }

  async #tell(level: StockLevel, book: number | undefined): Promise<void> {
    if (book !== undefined) {
      await this.#sender.send(toMessage(toEnvelope(this.#source.name, level, countEvent(level, book))));
    }
    this.#revisions.set(keyOf(level), level.revision);
  }
}
