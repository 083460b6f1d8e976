import { openPool, type Pool } from '../../../lib/database/connect.ts';
import type { Context } from '../../context.ts';
import { databaseError, findDatabase, type TargetFlags } from '../runs/targets.ts';
import { findOrder, type OrderName } from './find-order.ts';
import { readRecord } from './record.ts';
import type { OrderStory } from './result.ts';
import { toStory } from './story.ts';

/** Opens the database for as long as `use` takes. @throws {OmsError} when it cannot be read */
export async function withOrders<Result>(
  flags: TargetFlags,
  context: Context,
  use: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  const pool = openPool(await findDatabase(flags, context), { connectionLimit: 2 });
  try {
    return await use(pool);
  } catch (error) {
    throw databaseError(context.signal.aborted ? context.signal.reason : error);
  } finally {
    await pool.end().catch(() => {});
  }
}

/** The story of an order whose id is known to be stored. */
export async function readStory(pool: Pool, orderId: string): Promise<OrderStory> {
  return toStory((await readRecord(pool, orderId))!);
}

export interface ShowOptions extends TargetFlags {
  order: OrderName;
}

/** All that is known of one order. @throws {OmsError} when there is none, or the name fits several */
export function showOrder({ order, ...flags }: ShowOptions, context: Context): Promise<OrderStory> {
  return withOrders(flags, context, async (pool) => readStory(pool, await findOrder(pool, order)));
}
