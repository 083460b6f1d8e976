import type { StockChange } from '../../lib/process/effects.ts';
import type { ReservationState } from '../../lib/process/order-state.ts';
import type { StockDesk } from '../../lib/process/world.ts';
import type { StockRow } from './known.ts';

/** What a batch adds to one stock row. */
export interface StockDelta {
  productId: number;
  warehouse: string;
  reserved: number;
  onHand: number;
}

/** One change of `on_hand` with its reason: a row of stock_moves. */
export interface StockMove {
  productId: number;
  warehouse: string;
  quantity: number;
  reason: string;
}

/**
 * The stock as it was read, with what the batch has done to it since. Nothing here is exact: whether the units were
 * really there is for the conditional update at the batch's end to say.
 */
export class BatchStock implements StockDesk {
  /** By product, then by warehouse in key order. */
  readonly #rows = new Map<number, Map<string, StockRow>>();
  readonly #deltas = new Map<string, StockDelta>();
  readonly moves: StockMove[] = [];

  constructor(rows: readonly StockRow[]) {
    for (const row of rows) {
      const warehouses = this.#rows.get(row.productId) ?? new Map<string, StockRow>();
      this.#rows.set(row.productId, warehouses.set(row.warehouse, { ...row }));
    }
  }

  row(productId: number, warehouse: string): StockRow | undefined {
    return this.#rows.get(productId)?.get(warehouse);
  }

  /** Makes room for a product where it has not been before; false when there is. */
  add(productId: number, warehouse: string): boolean {
    if (this.row(productId, warehouse)) return false;
    const warehouses = this.#rows.get(productId) ?? new Map<string, StockRow>();
    this.#rows.set(productId, warehouses.set(warehouse, { productId, warehouse, onHand: 0, reserved: 0 }));
    return true;
  }

  reserve(wanted: readonly { productId: number; quantity: number }[]): ReservationState[] | undefined {
    const taken: ReservationState[] = [];
    for (const { productId, quantity } of wanted) {
      const warehouse = this.#findWarehouse(productId, quantity);
      if (warehouse === undefined) return undefined;
      taken.push({ productId, warehouse, quantity, state: 'held' });
    }
    for (const { productId, warehouse, quantity } of taken) {
      this.#change({ productId, warehouse, reserved: quantity, onHand: 0 });
    }
    return taken;
  }

  /** What an event has done to stock, beside what it reserved. */
  book({ reason, ...change }: Omit<StockChange, 'reason'> & { reason: string | null }): void {
    const { productId, warehouse, onHand: quantity } = change;
    this.#change(change);
    if (quantity !== 0) this.moves.push({ productId, warehouse, quantity, reason: reason ?? 'adjusted' });
  }

  /** What is different at the end, in key order: what every writer locks rows in. */
  get deltas(): StockDelta[] {
    return [...this.#deltas.values()]
      .filter(({ reserved, onHand }) => reserved !== 0 || onHand !== 0)
      .sort((a, b) => a.productId - b.productId || (a.warehouse < b.warehouse ? -1 : 1));
  }

  /** The first warehouse, in key order, that can serve the whole of a line. */
  #findWarehouse(productId: number, quantity: number): string | undefined {
    for (const { warehouse, onHand, reserved } of this.#rows.get(productId)?.values() ?? []) {
      if (onHand - reserved >= quantity) return warehouse;
    }
    return undefined;
  }

  #change(change: StockDelta): void {
    const row = this.row(change.productId, change.warehouse);
    if (row) {
      row.reserved += change.reserved;
      row.onHand += change.onHand;
    }
    const key = `${change.productId}|${change.warehouse}`;
    const delta = this.#deltas.get(key);
    if (delta) {
      delta.reserved += change.reserved;
      delta.onHand += change.onHand;
    } else this.#deltas.set(key, { ...change });
  }
}
