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
  /** None: the whole order. */
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

const byId = <Value>(rows: readonly Row[], values: readonly Value[]): ((id: string | undefined) => Value) => {
  const found = new Map(rows.map((row, index) => [row.id, values[index]!]));
  return (id) => found.get(id)!;
};

type Table = (name: string) => Promise<Row[]>;

async function readProducts(table: Table) {
  const categories = new Map((await table('categories')).map((row) => [row.id, row.name!]));
  const rows = await table('products');
  const products = rows.map((row) => ({
    id: row.id!,
    name: row.name!,
    category: categories.get(row.category_id) ?? row.category ?? '',
    brand: row.brand ?? '',
    cost: minor(row.cost),
  }));
  return { products, productOf: byId(rows, products) };
}

async function readCustomers(table: Table) {
  const rows = await table('customers');
  const customers = rows.map((row) => ({
    id: Number(row.id),
    segment: row.segment ?? '',
    city: row.city ?? '',
    country: row.country ?? '',
    signedUp: timeOrNull(row.signed_up_at) ?? 0,
  }));
  return { customers, customerOf: byId(rows, customers) };
}

async function readItems(table: Table, orderOf: (id?: string) => Order, productOf: (id?: string) => Product) {
  const rows = await table('order_items');
  const items = rows.map(
    (row): Item => ({
      order: orderOf(row.order_id),
      product: productOf(row.product_id),
      quantity: Number(row.quantity),
      gross: Number(row.quantity) * minor(row.unit_price),
      discount: minor(row.line_discount),
      refunded: false,
    }),
  );
  for (const item of items) {
    item.order.items.push(item);
    item.order.value += item.gross - item.discount;
  }
  return byId<Item | undefined>(rows, items);
}

async function readPayments(table: Table, orderOf: (id?: string) => Order): Promise<Payment[]> {
  return (await table('payments')).map((row) => ({
    order: orderOf(row.order_id),
    method: row.method!,
    succeeded: row.status === 'succeeded',
    amount: minor(row.amount),
    code: row.failure_code || null,
    at: time(row.created_at),
  }));
}

/** The completed ones; a refund without a line is of the whole order. */
async function readRefunds(
  table: Table,
  orderOf: (id?: string) => Order,
  itemOf: (id?: string) => Item | undefined,
): Promise<Refund[]> {
  const rows = (await table('refunds')).filter((row) => (row.status || 'completed') === 'completed');
  const refunds = rows.map((row) => ({
    order: orderOf(row.order_id),
    item: itemOf(row.order_item_id),
    amount: minor(row.amount),
    reason: row.reason ?? '',
    at: time(row.created_at),
  }));
  for (const { order, item } of refunds) {
    order.refunded = true;
    for (const line of item ? [item] : order.items) line.refunded = true;
  }
  return refunds;
}

async function readShipments(table: Table, orderOf: (id?: string) => Order): Promise<Shipment[]> {
  const shipments = (await table('shipments')).map((row) => ({
    id: Number(row.id),
    order: orderOf(row.order_id),
    carrier: row.carrier ?? '',
    cost: minor(row.cost),
    shipped: timeOrNull(row.shipped_at),
    delivered: timeOrNull(row.delivered_at),
    promised: timeOrNull(row.promised_at),
  }));
  for (const { order, carrier } of shipments) order.carrier ??= carrier;
  return shipments;
}

async function readStock(table: Table, productOf: (id?: string) => Product): Promise<Stock[]> {
  return (await table('inventory')).map((row) => ({
    product: productOf(row.product_id),
    warehouse: row.warehouse ?? 'main',
    onHand: Number(row.on_hand ?? 0),
    reserved: Number(row.reserved ?? 0),
    reorder: Number(row.reorder_point ?? 0),
  }));
}

/** Reads the whole fixture; tables it does not have are empty. */
export async function readShop(folder: string): Promise<Shop> {
  const table = (name: string) => readTable(folder, name);
  const { products, productOf } = await readProducts(table);
  const { customers, customerOf } = await readCustomers(table);
  const rows = await table('orders');
  const orders = rows.map((row) => readOrder(row, customerOf(row.customer_id)));
  const orderOf = byId(rows, orders);
  const itemOf = await readItems(table, orderOf, productOf);
  for (const row of await table('order_status_history')) {
    const order = orderOf(row.order_id);
    order.since = Math.max(order.since, time(row.at ?? row.created_at));
  }
  const payments = await readPayments(table, orderOf);
  const refunds = await readRefunds(table, orderOf, itemOf);
  const shipments = await readShipments(table, orderOf);
  const stock = await readStock(table, productOf);
  markReturning(orders);
  markMethods(payments);
  return { products, customers, orders, payments, refunds, shipments, stock };
}
