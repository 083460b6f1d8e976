import type { PaymentChoice, RiskSignals, SimulationHints } from '../domain/fields.ts';
import type { OrderStatus } from '../domain/order-machine.ts';
import type { ParcelState } from '../domain/parcel-machine.ts';
import type { PaymentState } from '../domain/payment-machine.ts';
import type { PaymentMethodName } from '../domain/payment-methods.ts';
import type { ReturnState } from '../domain/return-machine.ts';
import type { ExternalOp } from './external-op.ts';

/** All times are milliseconds since 1970, all amounts minor units of the order's currency. */

/** One line; `discount_minor` and `tax_minor` are of the whole line as it stands after amendments. */
export interface LineState {
  line: number;
  productId: number;
  sku: string;
  quantity: number;
  unit_minor: number;
  discount_minor: number;
  tax_minor: number;
  /** Units handed to a carrier, lost, and received back; quantity >= shipped >= returned + lost. */
  shipped: number;
  lost: number;
  returned: number;
}

export interface ReservationState {
  productId: number;
  warehouse: string;
  quantity: number;
  state: 'held' | 'committed' | 'released';
}

/** One attempt to pay; authorized >= captured >= refundWanted >= refunded once anything is authorised. */
export interface PaymentAttempt {
  attempt: number;
  method: PaymentMethodName;
  state: PaymentState;
  amount: number;
  authorized: number;
  captured: number;
  refundWanted: number;
  refunded: number;
  failureCode: string | null;
  providerRef: string | null;
  createdAt: number;
}

export interface ParcelAttempt {
  parcelNo: number;
  warehouse: string;
  lines: { line: number; quantity: number }[];
  state: ParcelState;
  /** Which carrier is asked, or has the parcel. */
  carrier: string;
  trackingNo: string | null;
  costMinor: number;
  labelUrl: string | null;
  /** Times the label was asked for. */
  labelTries: number;
  promisedAt: number | null;
  shippedAt: number | null;
  deliveredAt: number | null;
}

export interface ReturnAttempt {
  returnNo: number;
  returnId: string;
  reason: string;
  state: ReturnState;
  lines: { line: number; quantity: number; received: number; resalable: boolean }[];
  /** Value of the units received. */
  refundMinor: number;
  requestedAt: number;
  dueAt: number | null;
}

/**
 * One sum that goes back to the customer; `payment.refunded` with its key settles it. A provider refuses one when the
 * bank was faster.
 */
export interface RefundState {
  refundNo: number;
  lineNo: number | null;
  returnNo: number | null;
  attempt: number;
  amount: number;
  reason: string;
  state: 'requested' | 'refunded' | 'refused';
  createdAt: number;
}

/** Everything that decides what may happen to an order next. */
export interface OrderState {
  /** Its number in the database; its lane is the partition that its events arrive on. */
  seq: number;
  orderId: string;
  customerRef: string;
  status: OrderStatus;
  reason: string | null;
  /** How a closing order will end. */
  closeAs: 'cancelled' | 'returned' | null;
  version: number;
  statusSince: number;
  dueAt: number | null;
  placedAt: number;
  currency: string;
  subtotal: number;
  discount: number;
  tax: number;
  shipping: number;
  total: number;
  paymentMethod: PaymentMethodName;
  /** The customer's last choice, with the token that the next attempt is made with; undefined for seeded history. */
  paymentChoice?: PaymentChoice | undefined;
  stockPolicy: 'amend' | 'cancel';
  shippingMethod: 'standard' | 'express';
  shipTo: { country: string; city: string; postcodePrefix: string };
  riskSignals: RiskSignals | null;
  synthetic: boolean;
  simulation: SimulationHints | null;
  lines: LineState[];
  reservations: ReservationState[];
  payments: PaymentAttempt[];
  parcels: ParcelAttempt[];
  returns: ReturnAttempt[];
  refunds: RefundState[];
  /** What has been asked of providers and carriers, answered or not. */
  ops: ExternalOp[];
}
