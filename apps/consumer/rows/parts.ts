import * as sql from '../../../lib/database/sql-text.ts';
import type { Part } from '../../../lib/process/effects.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import type { OrderWork } from '../order-work.ts';

/** A table that hangs on orders: when its rows are written, and what they say. */
interface PartTable {
  part: Part;
  table: string;
  /** The first `keys` of them name the row, the others may change. */
  columns: readonly string[];
  keys: number;
  rows(order: OrderState, before: OrderWork['before']): sql.Literal[][];
}

const flag = (value: boolean): sql.Literal => (value ? '1' : '0');

const lines: PartTable = {
  part: 'lines',
  table: 'order_items',
  columns: [
    'order_seq',
    'line_no',
    'product_id',
    'quantity',
    'unit_minor',
    'discount_minor',
    'tax_minor',
    'shipped_quantity',
    'lost_quantity',
    'returned_quantity',
  ],
  keys: 3,
  rows: ({ seq, lines }) =>
    lines.map((line) => {
      const { quantity, unit_minor, discount_minor, tax_minor, shipped, lost, returned } = line;
      const numbers = [quantity, unit_minor, discount_minor, tax_minor, shipped, lost, returned];
      return [seq, line.line, line.productId, ...numbers].map(sql.integer);
    }),
};

const reservations: PartTable = {
  part: 'reservations',
  table: 'reservations',
  columns: ['order_seq', 'product_id', 'warehouse', 'quantity', 'state'],
  keys: 3,
  rows: ({ seq, reservations }) =>
    reservations.map((held) => [
      sql.integer(seq),
      sql.integer(held.productId),
      sql.text(held.warehouse),
      sql.integer(held.quantity),
      sql.text(held.state),
    ]),
};

const payments: PartTable = {
  part: 'payments',
  table: 'payments',
  columns: [
    'order_seq',
    'attempt',
    'created_at',
    'method',
    'status',
    'amount_minor',
    'authorized_minor',
    'captured_minor',
    'refund_wanted_minor',
    'refunded_minor',
    'failure_code',
    'provider_ref',
  ],
  keys: 3,
  rows: ({ seq, payments }) =>
    payments.map((payment) => [
      sql.integer(seq),
      sql.integer(payment.attempt),
      sql.time(payment.createdAt),
      sql.text(payment.method),
      sql.text(payment.state),
      sql.integer(payment.amount),
      sql.integer(payment.authorized),
      sql.integer(payment.captured),
      sql.integer(payment.refundWanted),
      sql.integer(payment.refunded),
      sql.textOrNull(payment.failureCode),
      sql.textOrNull(payment.providerRef),
    ]),
};

/** An attempt to pay comes with each choice, so that what is chosen changes with the attempts. */
const paymentChoices: PartTable = {
  part: 'payments',
  table: 'payment_choices',
  columns: ['order_seq', 'method', 'token', 'brand', 'last4', 'one_click'],
  keys: 1,
  rows: ({ seq, paymentChoice: choice }, before) =>
    choice && choice !== before.paymentChoice
      ? [
          [
            sql.integer(seq),
            sql.text(choice.method),
            sql.textOrNull(choice.token),
            sql.textOrNull(choice.brand),
            sql.textOrNull(choice.last4),
            flag(choice.one_click === true),
          ],
        ]
      : [],
};

const parcels: PartTable = {
  part: 'parcels',
  table: 'shipments',
  columns: [
    'order_seq',
    'parcel_no',
    'warehouse',
    'carrier',
    'tracking_no',
    'status',
    'cost_minor',
    'label_url',
    'label_tries',
    'promised_at',
    'shipped_at',
    'delivered_at',
  ],
  keys: 3,
  rows: ({ seq, parcels }) =>
    parcels.map((parcel) => [
      sql.integer(seq),
      sql.integer(parcel.parcelNo),
      sql.text(parcel.warehouse),
      sql.text(parcel.carrier),
      sql.textOrNull(parcel.trackingNo),
      sql.text(parcel.state),
      sql.integer(parcel.costMinor),
      sql.textOrNull(parcel.labelUrl),
      sql.integer(parcel.labelTries),
      sql.timeOrNull(parcel.promisedAt),
      sql.timeOrNull(parcel.shippedAt),
      sql.timeOrNull(parcel.deliveredAt),
    ]),
};

const parcelLines: PartTable = {
  part: 'parcels',
  table: 'shipment_items',
  columns: ['order_seq', 'parcel_no', 'line_no', 'quantity'],
  keys: 3,
  rows: ({ seq, parcels }, before) =>
    parcels
      .slice(before.parcels)
      .flatMap(({ parcelNo, lines }) =>
        lines.map(({ line, quantity }) => [seq, parcelNo, line, quantity].map(sql.integer)),
      ),
};

const returns: PartTable = {
  part: 'returns',
  table: 'returns',
  columns: ['order_seq', 'return_no', 'return_id', 'reason', 'requested_at', 'status', 'refund_minor', 'due_at'],
  keys: 5,
  rows: ({ seq, returns }) =>
    returns.map((one) => [
      sql.integer(seq),
      sql.integer(one.returnNo),
      sql.binary(one.returnId),
      sql.text(one.reason),
      sql.time(one.requestedAt),
      sql.text(one.state),
      sql.integer(one.refundMinor),
      sql.timeOrNull(one.dueAt),
    ]),
};

const returnLines: PartTable = {
  part: 'returns',
  table: 'return_items',
  columns: ['order_seq', 'return_no', 'line_no', 'quantity', 'received_quantity', 'resalable'],
  keys: 3,
  rows: ({ seq, returns }) =>
    returns.flatMap(({ returnNo, lines }) =>
      lines.map(({ line, quantity, received, resalable }) => [
        ...[seq, returnNo, line, quantity, received].map(sql.integer),
        flag(resalable),
      ]),
    ),
};

const refunds: PartTable = {
  part: 'refunds',
  table: 'refunds',
  columns: [
    'order_seq',
    'refund_no',
    'line_no',
    'return_no',
    'attempt',
    'reason',
    'created_at',
    'amount_minor',
    'status',
  ],
  keys: 7,
  rows: ({ seq, refunds }) =>
    refunds.map((refund) => [
      sql.integer(seq),
      sql.integer(refund.refundNo),
      sql.integerOrNull(refund.lineNo),
      sql.integerOrNull(refund.returnNo),
      sql.integer(refund.attempt),
      sql.text(refund.reason),
      sql.time(refund.createdAt),
      sql.integer(refund.amount),
      sql.text(refund.state),
    ]),
};

const TABLES: readonly PartTable[] = [
  lines,
  reservations,
  payments,
  paymentChoices,
  parcels,
  parcelLines,
  returns,
  returnLines,
  refunds,
];

/** The rows of all parts that have changed, of new orders and of those that were there: one statement a table. */
export const writeParts = (works: readonly OrderWork[]): string =>
  TABLES.map(({ part, table, columns, keys, rows }) => {
    const changed = works.filter((work) => work.placed !== null || work.effects.changed.has(part));
    const values = changed.flatMap(({ order, before }) => rows(order, before));
    return sql.upsert(`${table} (${columns.join(',')})`, values, columns.slice(keys));
  }).join('');
