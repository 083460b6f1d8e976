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
      const places = this.#placesFor(productId, quantity);
      if (!places) return undefined;
      taken.push(...places);
    }
    return taken.map(({ row, quantity }) => {
      row.reserved += quantity;
      return { productId: row.productId, warehouse: row.warehouse, quantity, state: 'held' };
    });
  }

  /** One warehouse that has it all, or several together. */
  #placesFor(productId: number, quantity: number): { row: StockRow; quantity: number }[] | undefined {
    const rows = this.rows.filter((row) => row.productId === productId);
    const whole = rows.find((row) => this.#hasEnough(row.onHand - row.reserved, quantity));
    if (whole) return [{ row: whole, quantity }];
    let left = quantity;
    const places = rows.map((row) => {
      const part = Math.max(0, Math.min(left, row.onHand - row.reserved));
      left -= part;
      return { row, quantity: part };
    });
    return left === 0 ? places.filter((place) => place.quantity > 0) : undefined;
  }

  apply({ productId, warehouse, reserved, onHand, reason }: StockChange): void {
    const row = this.rows.find((one) => one.productId === productId && one.warehouse === warehouse)!;
    row.reserved += reserved;
    row.onHand += onHand;
    if (reason === 'sold') row.sold -= onHand;
    else if (reason) row.restocked += onHand;
  }
}
