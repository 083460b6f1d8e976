import { flag, minor, type Row, readTable, timestamp } from '../csv.ts';

/** The CSV fixture in memory, linked up: amounts in minor units, times in milliseconds UTC. */

export interface Product {
  id: string;
  name: string;
  category: string;
  brand: string;
  cost: number;
}
export interface Customer {
  id: number;
  segment: string;
  city: string;
  country: string;
  signedUp: number;
}
export interface Order {
  id: number;
  customer: Customer;
  channel: string;
  status: string;
  sale: boolean;
  placed: number;
  cancelled: number | null;
  since: number;
  coupon: string | null;
  fee: number;
  tax: number;
  score: number;
  flag: boolean;
  method: string | null;
  carrier: string | null;
  returning: boolean;
  value: number;
  refunded: boolean;
  items: Item[];
}
export interface Item {
  order: Order;
  product: Product;
  quantity: number;
  gross: number;
  discount: number;
  refunded: boolean;
}
export interface Payment {
  order: Order;
  method: string;
  succeeded: boolean;
  amount: number;
  code: string | null;
  at: number;
}
export interface Refund {
  order: Order;
  item: Item | undefined;
  amount: number;
  reason: string;
  at: number;
}
export interface Shipment {
  id: number;
  order: Order;
  carrier: string;
  cost: number;
  shipped: number | null;
  delivered: number | null;
  promised: number | null;
}
export interface Stock {
  product: Product;
  warehouse: string;
  onHand: number;
  reserved: number;
  reorder: number;
}
export interface Shop {
  products: Product[];
  customers: Customer[];
  orders: Order[];
  payments: Payment[];
  refunds: Refund[];
  shipments: Shipment[];
  stock: Stock[];
}

const NOT_SALE = ['pending_payment', 'payment_failed', 'cancelled'];
const time = (text: string | undefined) => Date.parse(`${timestamp(text)!.replace(' ', 'T')}Z`);
const timeOrNull = (text: string | undefined) => (text ? time(text) : null);

function readOrder(row: Row, customer: Customer): Order {
  return {
    id: Number(row.id),
    customer,
    channel: row.channel!,
    status: row.status!,
    sale: !NOT_SALE.includes(row.status!),
    placed: time(row.placed_at),
    cancelled: timeOrNull(row.cancelled_at),
    since: time(row.placed_at),
    coupon: row.coupon_code || null,
    fee: minor(row.shipping_fee),
    tax: minor(row.tax),
    score: Number(row.fraud_score),
    flag: flag(row.fraud_flag),
    method: null,
    carrier: null,
    returning: false,
    value: 0,
    refunded: false,
    items: [],
  };
}

/** A customer with an earlier sale order is returning. */
function markReturning(orders: readonly Order[]): void {
  const first = new Map<Customer, number>();
  for (const { sale, customer, placed } of orders) {
    if (sale) first.set(customer, Math.min(placed, first.get(customer) ?? Infinity));
  }
  for (const order of orders) order.returning = (first.get(order.customer) ?? Infinity) < order.placed;
}

/** The order's method: of its succeeded payment, else of its last attempt. */
function markMethods(payments: readonly Payment[]): void {
  const paid = new Set<Order>();
  for (const { order, method, succeeded } of [...payments].sort((a, b) => a.at - b.at)) {
    if (succeeded || !paid.has(order)) order.method = method;
    if (succeeded) paid.add(order);
  }
}

/** Reads the whole fixture. */
export async function readShop(folder: string): Promise<Shop> {
  const table = (name: string) => readTable(folder, name);
  const categories = new Map((await table('categories')).map((row) => [row.id!, row.name!]));
  const products = (await table('products')).map((row) => ({
    id: row.id!,
    name: row.name!,
    category: categories.get(row.category_id!)!,
    brand: row.brand!,
    cost: minor(row.cost),
  }));
  const customers = (await table('customers')).map((row) => ({
    id: Number(row.id),
    segment: row.segment!,
    city: row.city!,
    country: row.country!,
    signedUp: time(row.signed_up_at),
  }));
  const product = new Map(products.map((one) => [one.id, one]));
  const customer = new Map(customers.map((one) => [String(one.id), one]));
  const order = new Map(
    (await table('orders')).map((row) => [row.id!, readOrder(row, customer.get(row.customer_id!)!)]),
  );
  const item = new Map<string, Item>();
  for (const row of await table('order_items')) {
    const line: Item = {
      order: order.get(row.order_id!)!,
      product: product.get(row.product_id!)!,
      quantity: Number(row.quantity),
      gross: Number(row.quantity) * minor(row.unit_price),
      discount: minor(row.line_discount),
      refunded: false,
    };
    item.set(row.id!, line);
    line.order.items.push(line);
    line.order.value += line.gross - line.discount;
  }
  for (const row of await table('order_status_history')) {
    const of = order.get(row.order_id!)!;
    of.since = Math.max(of.since, time(row.at));
  }
  const payments = (await table('payments')).map((row) => ({
    order: order.get(row.order_id!)!,
    method: row.method!,
    succeeded: row.status === 'succeeded',
    amount: minor(row.amount),
    code: row.failure_code || null,
    at: time(row.created_at),
  }));
  const refunds = (await table('refunds'))
    .filter((row) => (row.status || 'completed') === 'completed')
    .map((row) => ({
      order: order.get(row.order_id!)!,
      item: item.get(row.order_item_id ?? ''),
      amount: minor(row.amount),
      reason: row.reason!,
      at: time(row.created_at),
    }));
  for (const refund of refunds) {
    refund.order.refunded = true;
    for (const line of refund.item ? [refund.item] : refund.order.items) line.refunded = true;
  }
  const shipments = (await table('shipments')).map((row) => ({
    id: Number(row.id),
    order: order.get(row.order_id!)!,
    carrier: row.carrier!,
    cost: minor(row.cost),
    shipped: timeOrNull(row.shipped_at),
    delivered: timeOrNull(row.delivered_at),
    promised: timeOrNull(row.promised_at),
  }));
  for (const shipment of shipments) shipment.order.carrier ??= shipment.carrier;
  const stock = (await table('inventory')).map((row) => ({
    product: product.get(row.product_id!)!,
    warehouse: row.warehouse!,
    onHand: Number(row.on_hand),
    reserved: Number(row.reserved),
    reorder: Number(row.reorder_point),
  }));
  const orders = [...order.values()];
  markReturning(orders);
  markMethods(payments);
  return { products, customers, orders, payments, refunds, shipments, stock };
}
