import type { Customer, Item, Order, Payment, Product, Refund, Shipment, Shop, Stock } from './facts.ts';

/** One row of a fact table with everything a dimension may ask of it; `at` null = a state, whatever the window. */
export interface Fact {
  at: number | null;
  order?: Order | undefined;
  customer?: Customer | undefined;
  product?: Product | undefined;
  item?: Item | undefined;
  payment?: Payment;
  refund?: Refund;
  shipment?: Shipment;
  stock?: Stock;
}

/** What the facts are read for. `byItem`: a product, category or brand is named, so orders count by their lines. */
export interface Scope {
  shop: Shop;
  now: number;
  /** Whether a time lies in the 28 whole days before today. */
  recent(at: number): boolean;
  byItem: boolean;
}

type Aggregate = (facts: readonly Fact[], scope: Scope) => number | string | null;

/** Facts of the time they count at, and what is made of a group of them. */
export interface Measure {
  facts(scope: Scope): Fact[];
  value: Aggregate;
}

const DAY = 86_400_000;
const sum = (facts: readonly Fact[], of: (fact: Fact) => number) => facts.reduce((total, fact) => total + of(fact), 0);
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
const distinct = <T>(values: Iterable<T>) => new Set(values).size;
const orderIds = (facts: readonly Fact[]) => distinct(facts.map((fact) => fact.order));
const share = (facts: readonly Fact[], holds: (fact: Fact) => boolean) =>
  ratio(orderIds(facts.filter(holds)), orderIds(facts));

const itemFacts = (orders: readonly Order[]): Fact[] =>
  orders.flatMap((order) =>
    order.items.map((item) => ({ at: order.placed, order, customer: order.customer, product: item.product, item })),
  );
const orderFacts = (orders: readonly Order[], at: (order: Order) => number | null = (order) => order.placed): Fact[] =>
  orders.map((order) => ({ at: at(order), order, customer: order.customer }));
const sales = ({ shop }: Scope) => shop.orders.filter((order) => order.sale);
const saleLines = (scope: Scope) => itemFacts(sales(scope));
const saleOrders = (scope: Scope) => (scope.byItem ? saleLines(scope) : orderFacts(sales(scope)));
const allOrders = ({ shop, byItem }: Scope) => (byItem ? itemFacts(shop.orders) : orderFacts(shop.orders));
const payments = ({ shop }: Scope): Fact[] =>
  shop.payments.map((payment) => ({
    at: payment.at,
    order: payment.order,
    customer: payment.order.customer,
    payment,
  }));
const refunds = ({ shop }: Scope): Fact[] =>
  shop.refunds.map((refund) => ({
    at: refund.at,
    order: refund.order,
    customer: refund.order.customer,
    item: refund.item,
    product: refund.item?.product,
    refund,
  }));
const shipments =
  (at: 'shipped' | 'delivered') =>
  ({ shop }: Scope): Fact[] =>
    shop.shipments
      .filter((shipment) => shipment[at] !== null)
      .map((shipment) => ({
        at: shipment[at],
        order: shipment.order,
        customer: shipment.order.customer,
        shipment,
      }));
const stock = ({ shop }: Scope): Fact[] => shop.stock.map((one) => ({ at: null, product: one.product, stock: one }));
const customers = ({ shop }: Scope): Fact[] => shop.customers.map((customer) => ({ at: customer.signedUp, customer }));

const revenue = (facts: readonly Fact[]) => sum(facts, ({ item }) => item!.gross - item!.discount);
const money = (facts: readonly Fact[]) => revenue(facts) / 100;
const units = (facts: readonly Fact[]) => sum(facts, ({ item }) => item!.quantity);
const margin = (facts: readonly Fact[]) =>
  revenue(facts) - sum(facts, ({ item }) => item!.quantity * item!.product.cost);
const buyers = (facts: readonly Fact[]) => distinct(facts.map((fact) => fact.customer));
const refunded = (facts: readonly Fact[]) => sum(facts, ({ refund }) => refund?.amount ?? 0) / 100;
const late = ({ shipment }: Fact) => shipment!.delivered! > shipment!.promised!;
const available = (facts: readonly Fact[]) => sum(facts, ({ stock: one }) => (one ? one.onHand - one.reserved : 0));
const mean = (facts: readonly Fact[], of: (fact: Fact) => number) => ratio(sum(facts, of), facts.length);

function median(facts: readonly Fact[]): number | null {
  const values = [...new Set(facts.map((fact) => fact.order!))].map((order) => order.value).sort((a, b) => a - b);
  if (values.length === 0) return null;
  return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 200;
}

function repeatRate(facts: readonly Fact[]): number | null {
  const counts = Map.groupBy(new Set(facts.map((fact) => fact.order!)), (order) => order.customer);
  return ratio([...counts.values()].filter((orders) => orders.length > 1).length, counts.size);
}

function firstOrders(scope: Scope): Fact[] {
  const first = new Map<Customer, Order>();
  for (const order of sales(scope)) {
    const known = first.get(order.customer);
    if (!known || order.placed < known.placed) first.set(order.customer, order);
  }
  return orderFacts([...first.values()]);
}

const iso = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
const unpaged = (facts: (scope: Scope) => Fact[]) => (scope: Scope) =>
  facts(scope).map((fact) => ({ ...fact, at: null }));

/** Every metric of the vocabulary, from its definition. */
export const MEASURES: Record<string, Measure> = {
  revenue: { facts: saleLines, value: money },
  gross_revenue: { facts: saleLines, value: (facts) => sum(facts, ({ item }) => item!.gross) / 100 },
  net_revenue: {
    facts: (scope) => [...saleLines(scope), ...refunds(scope)],
    value: (facts) => money(facts.filter((fact) => !fact.refund)) - refunded(facts),
  },
  discount_amount: { facts: saleLines, value: (facts) => sum(facts, ({ item }) => item!.discount) / 100 },
  gross_margin: { facts: saleLines, value: (facts) => margin(facts) / 100 },
  margin_pct: { facts: saleLines, value: (facts) => ratio(margin(facts), revenue(facts)) },
  units_sold: { facts: saleLines, value: units },
  orders_count: { facts: saleOrders, value: orderIds },
  all_orders_count: { facts: allOrders, value: orderIds },
  aov: { facts: saleLines, value: (facts) => ratio(money(facts), orderIds(facts)) },
  median_order_value: { facts: saleOrders, value: median },
  order_value: { facts: ({ shop }) => itemFacts(shop.orders), value: money },
  tax_collected: { facts: saleOrders, value: (facts) => sum(facts, ({ order }) => order!.tax) / 100 },
  shipping_fees: { facts: saleOrders, value: (facts) => sum(facts, ({ order }) => order!.fee) / 100 },
  shipping_cost: { facts: shipments('shipped'), value: (facts) => sum(facts, (fact) => fact.shipment!.cost) / 100 },
  avg_shipping_cost: {
    facts: shipments('shipped'),
    value: (facts) => ratio(sum(facts, (fact) => fact.shipment!.cost) / 100, orderIds(facts)),
  },
  coupon_orders: { facts: (scope) => saleOrders(scope).filter(({ order }) => order!.coupon), value: orderIds },
  coupon_order_rate: { facts: saleOrders, value: (facts) => share(facts, ({ order }) => order!.coupon !== null) },
  customers_count: { facts: saleOrders, value: buyers },
  customers_total: { facts: customers, value: (facts) => facts.length },
  new_customers: { facts: customers, value: (facts) => facts.length },
  first_time_buyers: { facts: firstOrders, value: buyers },
  orders_per_customer: { facts: saleOrders, value: (facts) => ratio(orderIds(facts), buyers(facts)) },
  repeat_rate: { facts: saleOrders, value: repeatRate },
  ltv: { facts: unpaged(saleLines), value: (facts) => ratio(money(facts), buyers(facts)) },
  last_order_at: {
    facts: unpaged((scope) => orderFacts(sales(scope))),
    value: (facts) => iso(facts.reduce((last, { order }) => Math.max(last, order!.placed), 0)),
  },
  cancelled_orders: {
    facts: ({ shop }) =>
      orderFacts(
        shop.orders.filter((order) => order.status === 'cancelled'),
        (order) => order.cancelled,
      ),
    value: orderIds,
  },
  cancellation_rate: { facts: allOrders, value: (facts) => share(facts, ({ order }) => order!.status === 'cancelled') },
  refund_count: { facts: refunds, value: (facts) => facts.length },
  refund_amount: { facts: refunds, value: refunded },
  avg_refund_amount: { facts: refunds, value: (facts) => ratio(refunded(facts), facts.length) },
  refund_rate: {
    facts: saleOrders,
    value: (facts) => share(facts, ({ item, order }) => (item ? item.refunded : order!.refunded)),
  },
  payments_count: {
    facts: (scope) => payments(scope).filter((fact) => fact.payment!.succeeded),
    value: (f) => f.length,
  },
  payment_volume: {
    facts: (scope) => payments(scope).filter((fact) => fact.payment!.succeeded),
    value: (facts) => sum(facts, (fact) => fact.payment!.amount) / 100,
  },
  payment_failures: {
    facts: (scope) => payments(scope).filter((fact) => !fact.payment!.succeeded),
    value: (facts) => facts.length,
  },
  payment_failure_rate: { facts: payments, value: (facts) => mean(facts, (fact) => (fact.payment!.succeeded ? 0 : 1)) },
  payment_success_rate: { facts: payments, value: (facts) => mean(facts, (fact) => (fact.payment!.succeeded ? 1 : 0)) },
  shipments_count: { facts: shipments('shipped'), value: (facts) => facts.length },
  deliveries_count: { facts: shipments('delivered'), value: (facts) => facts.length },
  late_deliveries: { facts: (scope) => shipments('delivered')(scope).filter(late), value: (facts) => facts.length },
  late_rate: { facts: shipments('delivered'), value: (facts) => mean(facts, (fact) => (late(fact) ? 1 : 0)) },
  on_time_rate: { facts: shipments('delivered'), value: (facts) => mean(facts, (fact) => (late(fact) ? 0 : 1)) },
  avg_days_late: {
    facts: (scope) => shipments('delivered')(scope).filter(late),
    value: (facts) => mean(facts, ({ shipment }) => (shipment!.delivered! - shipment!.promised!) / DAY),
  },
  avg_delivery_days: {
    facts: shipments('delivered'),
    value: (facts) => mean(facts, ({ shipment }) => (shipment!.delivered! - shipment!.shipped!) / DAY),
  },
  avg_fulfilment_hours: {
    facts: shipments('shipped'),
    value: (facts) => mean(facts, ({ shipment, order }) => (shipment!.shipped! - order!.placed) / 3_600_000),
  },
  overdue_shipments: {
    facts: (scope) =>
      unpaged(shipments('shipped'))(scope).filter(
        ({ shipment }) => shipment!.delivered === null && shipment!.promised! < scope.now,
      ),
    value: (facts) => facts.length,
  },
  on_hand: { facts: stock, value: (facts) => sum(facts, (fact) => fact.stock!.onHand) },
  available: { facts: stock, value: available },
  days_of_cover: {
    facts: (scope) => [...stock(scope), ...saleLines(scope).filter(({ at }) => scope.recent(at!))],
    value: (facts) => ratio(available(facts), units(facts.filter((fact) => fact.item)) / 28),
  },
  inventory_value: {
    facts: stock,
    value: (facts) => sum(facts, (fact) => fact.stock!.onHand * fact.product!.cost) / 100,
  },
  orders_in_status: { facts: unpaged(({ shop }) => orderFacts(shop.orders)), value: orderIds },
  status_age_hours: {
    facts: unpaged(({ shop }) => orderFacts(shop.orders)),
    value: ([fact], { now }) => (now - fact!.order!.since) / 3_600_000,
  },
  fraud_orders: { facts: (scope) => allOrders(scope).filter(({ order }) => order!.flag), value: orderIds },
  fraud_rate: { facts: allOrders, value: (facts) => share(facts, ({ order }) => order!.flag) },
  avg_fraud_score: { facts: allOrders, value: (facts) => mean(facts, ({ order }) => order!.score) },
  fraud_score: { facts: allOrders, value: ([fact]) => fact!.order!.score },
  placed_at: { facts: allOrders, value: ([fact]) => iso(fact!.order!.placed) },
};
