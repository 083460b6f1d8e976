import { setTimeout as sleep } from 'node:timers/promises';
import { type Static, Type } from 'typebox';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import type { OrderApi } from '../../adapters/http/order-api.ts';
import { OmsError } from '../../errors.ts';
import { formatCount } from '../../ui/format.ts';
import type { Companion, CompanionReport } from './companion.ts';
import type { RunScope } from './run-orders.ts';

export const FlashSale = Type.Object({
  sku: Type.String(),
  units: Type.Integer({ description: 'on sale when the run began' }),
  wanted: Type.Integer({ description: 'units in the orders of the run' }),
  sold: Type.Integer({ description: 'units held or handed over' }),
  came_back: Type.Integer({ description: 'units that were sent back, and could be sold again' }),
});
export type FlashSale = Static<typeof FlashSale>;

/** Units on sale, when the simulator may set the stock. */
const UNITS = 1_000;
const STOCK_DEADLINE_MS = 15_000;

interface StockRow extends RowDataPacket {
  warehouse: string;
  available: number;
}

async function readStock(pool: Pool, productId: number): Promise<StockRow[]> {
  const [rows] = await pool.query<StockRow[]>(
    `SELECT warehouse, CAST(on_hand AS SIGNED) - reserved AS available
       FROM stock WHERE product_id = ? ORDER BY warehouse`,
    [productId],
  );
  return rows;
}

const unitsOf = (stock: readonly StockRow[]): number => stock.reduce((sum, { available }) => sum + available, 0);

const refuse = (sku: string, why: string): OmsError =>
  new OmsError('stack_not_ready', `the stock of ${sku} cannot be set to ${formatCount(UNITS)}`, {
    why,
    next: ['oms status', 'oms seed'],
  });

export interface FlashSaleParts {
  pool: Pool;
  api: OrderApi;
  /** Without it the sale takes the stock as it is. */
  adminToken: string | undefined;
  run: string;
  product: { product_id: number; sku: string };
  /** Whether customers cancel and send back, so that more can be sold than there was at first. */
  hasLife: boolean;
}

/** Puts 1,000 units into the first warehouse and none into the others, as a count of the staff would. */
async function setStock({ pool, api, adminToken, run, product }: FlashSaleParts): Promise<void> {
  const { sku, product_id: productId } = product;
  const stock = await readStock(pool, productId);
  for (const [index, { warehouse, available }] of stock.entries()) {
    const quantity = (index === 0 ? UNITS : 0) - available;
    if (quantity === 0) continue;
    const body = JSON.stringify({ by: 'simulator', sku, warehouse, quantity, reason: 'flash sale' });
    const path = '/api/admin/stock/adjusted';
    const key = `flash-${run}-${warehouse}`;
    const answer = await api.request({ method: 'POST', path, body, key, token: adminToken });
    if (answer.status !== 202) throw refuse(sku, `${path} answered ${answer.status}: ${answer.body.slice(0, 200)}`);
  }
  const deadline = Date.now() + STOCK_DEADLINE_MS;
  while (unitsOf(await readStock(pool, productId)) !== UNITS) {
    if (Date.now() > deadline) throw refuse(sku, 'the counts were taken and have not come through');
    await sleep(50);
  }
}

/** Sees to it that a flash sale sells what there is, and no more. */
export class FlashSaleDesk implements Companion {
  private readonly parts: FlashSaleParts;
  private readonly units: number;

  private constructor(parts: FlashSaleParts, units: number) {
    this.parts = parts;
    this.units = units;
  }

  /** @throws {OmsError} `stack_not_ready` when the stock cannot be set */
  static async open(parts: FlashSaleParts): Promise<FlashSaleDesk> {
    if (parts.adminToken !== undefined) await setStock(parts);
    return new FlashSaleDesk(parts, unitsOf(await readStock(parts.pool, parts.product.product_id)));
  }

  start(): void {}

  async finish(): Promise<void> {}

  async report(scope: RunScope): Promise<CompanionReport> {
    const { product, hasLife } = this.parts;
    const [wanted, sold, came_back] = await Promise.all([
      this.sum(scope, 'order_items', ''),
      this.sum(scope, 'reservations', "AND t.state IN ('held', 'committed')"),
      this.cameBack(scope),
    ]);
    const flash = { sku: product.sku, units: this.units, wanted, sold, came_back };
    const exact = Math.min(this.units, wanted);
    const most = this.units + came_back;
    return {
      result: { flash_sale: flash },
      thresholds: [
        {
          name: `units of ${product.sku} sold`,
          wanted: hasLife ? `at most ${formatCount(most)}` : formatCount(exact),
          got: formatCount(sold),
          ok: hasLife ? sold <= most : sold === exact,
        },
      ],
    };
  }

  private async sum(scope: RunScope, table: 'order_items' | 'reservations', condition: string): Promise<number> {
    const [rows] = await scope.pool.query<({ units: number | null } & RowDataPacket)[]>(
      `SELECT CAST(SUM(t.quantity) AS SIGNED) AS units FROM ${table} t JOIN orders o ON o.order_seq = t.order_seq
        WHERE t.order_seq >= ? AND t.product_id = ? AND o.idempotency_key LIKE ? ${condition}`,
      [scope.fromSeq, this.parts.product.product_id, `${scope.keyPrefix}%`],
    );
    return rows[0]?.units ?? 0;
  }

  private async cameBack(scope: RunScope): Promise<number> {
    const [rows] = await scope.pool.query<({ units: number | null } & RowDataPacket)[]>(
      `SELECT CAST(SUM(quantity) AS SIGNED) AS units FROM stock_moves
        WHERE product_id = ? AND moved_at >= ? AND reason IN ('returned', 'undeliverable')`,
      [this.parts.product.product_id, scope.startedAt],
    );
    return rows[0]?.units ?? 0;
  }
}
