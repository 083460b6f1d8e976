import { uuidFromBytes } from '../domain/ids.ts';
import type { ExternalOp } from '../process/external-op.ts';
import type { OrderState } from '../process/order-state.ts';
import type { RowDataPacket } from './connect.ts';

/** One table that hangs on orders: how it is read for many orders, and where its rows go. */
interface Child {
  /** @param seqs order numbers, separated by commas */
  select(seqs: string): string;
  add(order: OrderState, row: RowDataPacket): void;
}

const ms = (at: Date): number => at.getTime();
const msOrNull = (at: Date | null): number | null => at?.getTime() ?? null;

export function toOrderState(row: RowDataPacket): OrderState {
  return {
    seq: row.order_seq,
    orderId: uuidFromBytes(row.order_id),
    customerRef: row.customer_ref,
    status: row.status,
    reason: row.reason_code,
    closeAs: row.close_as,
    version: row.version,
    statusSince: ms(row.status_since),
    dueAt: msOrNull(row.due_at),
    placedAt: ms(row.placed_at),
    currency: row.currency,
    subtotal: row.subtotal_minor,
    discount: row.discount_minor,
    tax: row.tax_minor,
    shipping: row.shipping_minor,
    total: row.total_minor,
    paymentMethod: row.payment_method,
    stockPolicy: row.stock_policy,
    shippingMethod: row.shipping_method,
    shipTo: { country: row.ship_country, city: row.ship_city, postcodePrefix: row.ship_postcode_prefix },
    riskSignals: null,
    synthetic: row.synthetic === 1,
    simulation: row.simulation === null ? null : JSON.parse(row.simulation),
    lines: [],
    reservations: [],
    payments: [],
    parcels: [],
    returns: [],
    refunds: [],
    ops: [],
  };
}

const lines: Child = {
  select: (seqs) => `SELECT i.order_seq, i.line_no, i.product_id, p.sku, i.quantity, i.unit_minor, i.discount_minor,
      i.tax_minor, i.shipped_quantity, i.lost_quantity, i.returned_quantity
    FROM order_items i JOIN products p ON p.product_id = i.product_id
    WHERE i.order_seq IN (${seqs}) ORDER BY i.order_seq, i.line_no`,
  add: (order, row) => {
    order.lines.push({
      line: row.line_no,
      productId: row.product_id,
      sku: row.sku,
      quantity: row.quantity,
      unit_minor: row.unit_minor,
      discount_minor: row.discount_minor,
      tax_minor: row.tax_minor,
      shipped: row.shipped_quantity,
      lost: row.lost_quantity,
      returned: row.returned_quantity,
    });
  },
};

const reservations: Child = {
  select: (seqs) => `SELECT order_seq, product_id, warehouse, quantity, state FROM reservations
    WHERE order_seq IN (${seqs}) ORDER BY order_seq, product_id, warehouse`,
  add: (order, row) => {
    order.reservations.push({
      productId: row.product_id,
      warehouse: row.warehouse,
      quantity: row.quantity,
      state: row.state,
    });
  },
};

const payments: Child = {
  select: (seqs) => `SELECT order_seq, attempt, method, status, amount_minor, authorized_minor, captured_minor,
      refund_wanted_minor, refunded_minor, failure_code, provider_ref, created_at
    FROM payments WHERE order_seq IN (${seqs}) ORDER BY order_seq, attempt`,
  add: (order, row) => {
    order.payments.push({
      attempt: row.attempt,
      method: row.method,
      state: row.status,
      amount: row.amount_minor,
      authorized: row.authorized_minor,
      captured: row.captured_minor,
      refundWanted: row.refund_wanted_minor,
      refunded: row.refunded_minor,
      failureCode: row.failure_code,
      providerRef: row.provider_ref,
      createdAt: ms(row.created_at),
    });
  },
};

const paymentChoices: Child = {
  select: (seqs) => `SELECT order_seq, method, token, brand, last4, one_click FROM payment_choices
    WHERE order_seq IN (${seqs})`,
  add: (order, { method, token, brand, last4, one_click }) => {
    order.paymentChoice = {
      method,
      ...(token !== null && { token }),
      ...(brand !== null && { brand }),
      ...(last4 !== null && { last4 }),
      ...(one_click === 1 && { one_click: true }),
    };
  },
};

const parcels: Child = {
  select: (seqs) => `SELECT order_seq, parcel_no, warehouse, status, carrier, tracking_no, cost_minor, label_url,
      label_tries, promised_at, shipped_at, delivered_at
    FROM shipments WHERE order_seq IN (${seqs}) ORDER BY order_seq, parcel_no`,
  add: (order, row) => {
    order.parcels.push({
      parcelNo: row.parcel_no,
      warehouse: row.warehouse,
      lines: [],
      state: row.status,
      carrier: row.carrier,
      trackingNo: row.tracking_no,
      costMinor: row.cost_minor,
      labelUrl: row.label_url,
      labelTries: row.label_tries,
      promisedAt: msOrNull(row.promised_at),
      shippedAt: msOrNull(row.shipped_at),
      deliveredAt: msOrNull(row.delivered_at),
    });
  },
};

const parcelLines: Child = {
  select: (seqs) => `SELECT order_seq, parcel_no, line_no, quantity FROM shipment_items
    WHERE order_seq IN (${seqs}) ORDER BY order_seq, parcel_no, line_no`,
  add: (order, row) => {
    const parcel = order.parcels.find(({ parcelNo }) => parcelNo === row.parcel_no);
    parcel?.lines.push({ line: row.line_no, quantity: row.quantity });
  },
};

const returns: Child = {
  select: (seqs) => `SELECT order_seq, return_no, return_id, reason, status, refund_minor, requested_at, due_at
    FROM returns WHERE order_seq IN (${seqs}) ORDER BY order_seq, return_no`,
  add: (order, row) => {
    order.returns.push({
      returnNo: row.return_no,
      returnId: uuidFromBytes(row.return_id),
      reason: row.reason,
      state: row.status,
      lines: [],
      refundMinor: row.refund_minor,
      requestedAt: ms(row.requested_at),
      dueAt: msOrNull(row.due_at),
    });
  },
};

const returnLines: Child = {
  select: (seqs) => `SELECT order_seq, return_no, line_no, quantity, received_quantity, resalable FROM return_items
    WHERE order_seq IN (${seqs}) ORDER BY order_seq, return_no, line_no`,
  add: (order, row) => {
    const found = order.returns.find(({ returnNo }) => returnNo === row.return_no);
    const { line_no: line, quantity, received_quantity: received } = row;
    found?.lines.push({ line, quantity, received, resalable: row.resalable === 1 });
  },
};

const refunds: Child = {
  select: (seqs) => `SELECT order_seq, refund_no, line_no, return_no, attempt, amount_minor, reason, status, created_at
    FROM refunds WHERE order_seq IN (${seqs}) ORDER BY order_seq, refund_no`,
  add: (order, row) => {
    order.refunds.push({
      refundNo: row.refund_no,
      lineNo: row.line_no,
      returnNo: row.return_no,
      attempt: row.attempt,
      amount: row.amount_minor,
      reason: row.reason,
      state: row.status,
      createdAt: ms(row.created_at),
    });
  },
};

const ops: Child = {
  select: (seqs) => `SELECT order_seq, kind, op_no, due_at, request, created_at FROM external_ops
    WHERE order_seq IN (${seqs}) ORDER BY order_seq, kind, op_no`,
  add: (order, row) => {
    order.ops.push({
      kind: row.kind,
      no: row.op_no,
      state: row.due_at === null ? 'done' : 'waiting',
      request: JSON.parse(row.request),
      dueAt: ms(row.due_at ?? row.created_at),
    } as ExternalOp);
  },
};

const riskSignals: Child = {
  select: (seqs) => `SELECT order_seq, signals FROM risk_assessments
    WHERE order_seq IN (${seqs}) AND signals IS NOT NULL`,
  add: (order, row) => {
    order.riskSignals = JSON.parse(row.signals);
  },
};

/** Parents before the rows that belong to them. */
export const CHILDREN: readonly Child[] = [
  lines,
  reservations,
  payments,
  paymentChoices,
  parcels,
  parcelLines,
  returns,
  returnLines,
  refunds,
  ops,
  riskSignals,
];
