import type { StockChange } from '../../../lib/process/effects.ts';
import type { ReservationState } from '../../../lib/process/order-state.ts';
import type { StockDesk } from '../../../lib/process/world.ts';

export interface StockRow {
  productId: number;
  warehouse: string;
  initial: number;
  onHand: number;
  reserved: number;
  sold: number;
  restocked: number;
}

/** The stock tables, changed by one transaction at a time. */
export class Warehouse implements StockDesk {
  readonly rows: StockRow[];
  readonly #hasEnough: (available: number, wanted: number) => boolean;
  #before: StockRow[] = [];

  constructor(rows: StockRow[], hasEnough: (available: number, wanted: number) => boolean) {
    this.rows = rows;
    this.#hasEnough = hasEnough;
  }

  begin(): void {
    this.#before = this.rows.map((row) => ({ ...row }));
  }

  rollback(): void {
    for (const [index, row] of this.#before.entries()) Object.assign(this.rows[index]!, row);
  }

  reserve(wanted: readonly { productId: number; quantity: number }[]): ReservationState[] | undefined {
    const taken: { row: StockRow; quantity: number }[] = [];
    for (const { productId, quantity } of wanted) {
      const row = this.rows.find(
        (one) => one.productId === productId && this.#hasEnough(one.onHand - one.reserved, quantity),
      );
      if (!row) return undefined;
      taken.push({ row, quantity });
    }
    return taken.map(({ row, quantity }) => {
      row.reserved += quantity;
      return { productId: row.productId, warehouse: row.warehouse, quantity, state: 'held' };
    });
  }

  apply({ productId, warehouse, reserved, onHand, reason }: StockChange): void {
    const row = this.rows.find((one) => one.productId === productId && one.warehouse === warehouse)!;
    row.reserved += reserved;
    row.onHand += onHand;
    if (reason === 'sold') row.sold -= onHand;
    else if (reason) row.restocked += onHand;
  }
}
