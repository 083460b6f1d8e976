import type { DataOf, StockEvent } from '../../lib/domain/event-types.ts';
import type { Verdict } from '../../lib/process/effects.ts';
import type { FindProduct } from '../../lib/process/world.ts';
import type { Sourced } from './decode.ts';
import type { InboxEntry } from './order-work.ts';
import type { BatchStock } from './stock-desk.ts';

/** What the catalogue has to be told. */
export interface ProductChange {
  productId: number;
  changes: DataOf<'oms.product.changed.v1'>;
}

/** A stock row that there is none of yet. */
export interface NewStockRow {
  productId: number;
  warehouse: string;
}

/** Applies events about goods, each once. Their stock was read under lock, so what is decided here holds. */
export class StockBooks {
  readonly inbox: InboxEntry[] = [];
  readonly products: ProductChange[] = [];
  readonly newRows: NewStockRow[] = [];
  /** Events that came again. */
  repeated = 0;
  readonly #stock: BatchStock;
  readonly #find: FindProduct;
  readonly #seen: Set<string>;

  constructor(stock: BatchStock, find: FindProduct, seen: Set<string>) {
    this.#stock = stock;
    this.#find = find;
    this.#seen = seen;
  }

  take({ event }: Sourced<StockEvent>): void {
    if (this.#seen.has(event.id)) {
      this.repeated += 1;
      return;
    }
    this.#seen.add(event.id);
    const refusal = this.#apply(event);
    const verdict: Verdict = refusal === null ? 'applied' : 'refused';
    this.inbox.push({ event: { id: event.id, type: event.type, source: event.source }, verdict, detail: refusal });
  }

  /** @returns why not, or null */
  #apply(event: StockEvent): string | null {
    const productId = this.#find(event.data.sku)?.productId;
    if (productId === undefined) return `there is no product ${event.data.sku}`;
    if (event.type === 'oms.product.changed.v1') {
      this.products.push({ productId, changes: event.data });
      return null;
    }
    const { warehouse, quantity } = event.data;
    if (event.type === 'oms.stock.adjusted.v1') return this.#adjust(productId, warehouse, quantity);
    this.#move(productId, warehouse, quantity, 'received');
    return null;
  }

  #adjust(productId: number, warehouse: string, quantity: number): string | null {
    const { onHand = 0, reserved = 0 } = this.#stock.row(productId, warehouse) ?? {};
    if (onHand + quantity < reserved) {
      return `${onHand} ${quantity < 0 ? '-' : '+'} ${Math.abs(quantity)} would be less than the ${reserved} promised`;
    }
    this.#move(productId, warehouse, quantity, 'adjusted');
    return null;
  }

  #move(productId: number, warehouse: string, onHand: number, reason: string): void {
    if (this.#stock.add(productId, warehouse)) this.newRows.push({ productId, warehouse });
    this.#stock.book({ productId, warehouse, onHand, reserved: 0, reason });
  }
}
