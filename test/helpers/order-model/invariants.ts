import { isFinal, isLegalStep } from '../../../lib/domain/order-machine.ts';
import { opKey } from '../../../lib/process/external-op.ts';
import { noticeOf } from '../../../lib/process/notices.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import { valueOfUnits } from '../../../lib/process/refunds.ts';
import type { Outside } from './outside.ts';
import type { Shop, Stored } from './shop.ts';

/** Checks what must hold once everything is at rest; each line names the invariant. */
export function violationsOf(shop: Shop, outside: Outside): string[] {
  const found = [...shop.violations, ...outside.violations, ...stock(shop)];
  for (const stored of shop.orders.values()) {
    const { orderId } = stored.order;
    for (const problem of [
      ...paths(stored),
      ...money(stored, outside),
      ...messages(stored),
      ...goods(stored, outside),
    ]) {
      found.push(`${problem} (order ${orderId})`);
    }
  }
  if (shop.waiting > 0) found.push(`N3 ${shop.waiting} events are still parked`);
  return found;
}

function* paths({ order, steps }: Stored): Generator<string> {
  let from: OrderState['status'] | null = null;
  for (const step of steps) {
    if (step.from !== from || !isLegalStep(step.from, step.trigger, step.to)) {
      yield `P1 ${step.from} -> ${step.to} by ${step.trigger}`;
    }
    from = step.to;
  }
  if (steps.length !== order.version) yield `P2 ${steps.length} steps, version ${order.version}`;
  if (from !== order.status) yield `P3 ${order.status} after a last step to ${from}`;
  if (!isFinal(order.status)) yield `P4 never ended: ${order.status} ${order.reason}`;
}

function* stock(shop: Shop): Generator<string> {
  for (const row of shop.stock.rows) {
    const name = `product ${row.productId} in ${row.warehouse}`;
    let held = 0;
    for (const { order } of shop.orders.values()) {
      for (const { productId, warehouse, quantity, state } of order.reservations) {
        if (productId === row.productId && warehouse === row.warehouse && state === 'held') held += quantity;
      }
    }
    if (row.reserved !== held) yield `S2 ${name}: ${row.reserved} reserved, ${held} held`;
    if (row.onHand !== row.initial + row.restocked - row.sold) yield `S3 ${name}: ${row.onHand} on hand`;
    if (row.sold > row.initial + row.restocked) yield `S4 ${name}: ${row.sold} sold of ${row.initial}`;
  }
}

const GOODWILL = 'goodwill';

function* money({ order, ledger }: Stored, { provider }: Outside): Generator<string> {
  const value = order.lines.reduce((sum, line) => sum + valueOfUnits(line, 0, line.quantity), 0);
  const { subtotal, discount, tax, shipping, total, status } = order;
  const isSum = total === subtotal - discount + tax + shipping && (status === 'rejected' || total === value + shipping);
  if (!isSum) yield `M1 total ${total}`;
  yield* netMoney(order, ledger);
  for (const [key, payment] of provider.payments) {
    if (payment.orderId !== order.orderId) continue;
    if (payment.state === 'authorized' || payment.state === 'pending') yield `M4 ${key} is still ${payment.state}`;
  }
  const sums = new Map<string, number>();
  for (const { txn, debit, credit } of ledger) sums.set(txn, (sums.get(txn) ?? 0) + debit - credit);
  for (const [txn, sum] of sums) if (sum !== 0) yield `M5 ${txn} is out of balance`;
  yield* againstTheProvider(order, ledger, provider);
}

/** What is kept of the customer's money is what the customer kept of the order. */
function* netMoney(order: OrderState, ledger: Stored['ledger']): Generator<string> {
  const net = ledger.reduce(
    (sum, { account, debit, credit }) => (account === 'provider' ? sum + debit - credit : sum),
    0,
  );
  if (order.status !== 'completed') {
    if (net !== 0) yield `M3 ${net} kept of an order that is ${order.status}`;
    return;
  }
  if (order.payments.some(({ state }) => state === 'charged_back')) return;
  const back = order.lines.reduce((sum, line) => sum + valueOfUnits(line, 0, line.returned + line.lost), 0);
  const goodwill = order.refunds.reduce((sum, one) => (one.reason === GOODWILL ? sum + one.amount : sum), 0);
  const expected = Math.max(0, order.total - back - goodwill);
  if (net !== expected) yield `M3 ${net} kept, ${expected} due`;
}

const ACCOUNTS = { capture: 'sales', refund: 'refunds', chargeback: 'chargebacks' } as const;

function* againstTheProvider(
  { orderId }: OrderState,
  ledger: Stored['ledger'],
  provider: Outside['provider'],
): Generator<string> {
  const line = (txn: string, account: string, amount: number) => `${txn} ${account} ${amount}`;
  const ours = ledger
    .filter(({ account }) => account !== 'provider')
    .map(({ txn, account, debit, credit }) => line(txn, account, debit + credit));
  const theirs = provider.book
    .filter((entry) => entry.orderId === orderId)
    .map(({ key, kind, amount }) => line(key, ACCOUNTS[kind], amount));
  if (ours.sort().join() !== theirs.sort().join()) yield `M6 ledger [${ours}], book [${theirs}]`;
}

function* messages({ steps, notifications, documents }: Stored): Generator<string> {
  const keys = notifications.map(({ key }) => key);
  if (new Set(keys).size !== keys.length) yield `N1 a message twice: ${keys}`;
  for (const [index, { from, to, reason }] of steps.entries()) {
    const isTold = keys.includes(`status-${index + 1}`);
    if (isTold !== (noticeOf(from, to, reason) !== undefined)) yield `N1 message of step ${index + 1}`;
  }
  const papers = documents.map(({ kind, no }) => `${kind} ${no}`);
  if (new Set(papers).size !== papers.length) yield `N1 a document twice: ${papers}`;
}

/** Goods, as those who hold them count. */
function* goods({ order }: Stored, { carriers, unpacked }: Outside): Generator<string> {
  if (order.reservations.some(({ state }) => state === 'held')) yield 'S5 stock is held for an order that is over';
  for (const { line, quantity, shipped, returned, lost } of order.lines) {
    const isSent = order.status !== 'completed' || shipped === quantity;
    if (!isSent || shipped > quantity || returned + lost > shipped)
      yield `S4 line ${line}: ${shipped} of ${quantity} sent`;
  }
  for (const { returnNo, state, lines } of order.returns) {
    if (state !== 'refunded' && state !== 'rejected') continue;
    const received = lines.reduce((sum, line) => sum + line.received, 0);
    const counted = unpacked.get(opKey(order.orderId, 'return_label', returnNo));
    if (received !== counted) yield `S3 return ${returnNo}: ${received} units refunded, ${counted} came`;
  }
  for (const { orderId, trackingNo, state } of carriers.consignments.values()) {
    if (orderId === order.orderId && state === 'made') yield `label ${trackingNo} is neither used nor given back`;
  }
}
