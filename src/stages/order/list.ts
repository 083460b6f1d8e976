import { listOrders } from '../../../lib/database/list-orders.ts';
import { formatMinor } from '../../../lib/domain/money.ts';
import type { OrderStatus } from '../../../lib/domain/order-machine.ts';
import type { Context } from '../../context.ts';
import { renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { TargetFlags } from '../runs/targets.ts';
import type { OrderList } from './result.ts';
import { withOrders } from './show.ts';

export interface ListOptions extends TargetFlags {
  status: OrderStatus | undefined;
  limit: number;
}

/** The newest orders, or the newest of one status. */
export function listNewest({ status, limit, ...flags }: ListOptions, context: Context): Promise<OrderList> {
  return withOrders(flags, context, async (pool) => {
    const connection = await pool.getConnection();
    try {
      const orders = await listOrders(connection, { status, limit });
      return { orders: orders.map(toItem) };
    } finally {
      connection.release();
    }
  });
}

type Summary = Awaited<ReturnType<typeof listOrders>>[number];

const toItem = (order: Summary): OrderList['orders'][number] => ({
  order_id: order.order_id,
  customer: order.customer,
  status: order.status,
  reason_code: order.reason_code,
  placed_at: order.placed_at.toISOString(),
  status_since: order.status_since.toISOString(),
  total_minor: order.total_minor,
  currency: order.currency,
});

/** A line an order, the newest first. */
export function renderList({ orders }: OrderList, terminal: Pick<Terminal, 'width'>): string {
  if (orders.length === 0) return 'no orders';
  return renderTable(
    orders,
    [
      { title: 'order', value: (order) => order.order_id },
      { title: 'placed (UTC)', value: (order) => order.placed_at.slice(0, 19).replace('T', ' ') },
      { title: 'status', value: ({ status, reason_code }) => status + (reason_code ? ` (${reason_code})` : '') },
      { title: 'total', value: (order) => formatMinor(order.total_minor, order.currency), align: 'right' },
      { title: 'customer', value: (order) => order.customer },
    ],
    terminal.width,
  );
}
