import { type Static, Type } from 'typebox';
import { CurrencyCode, CustomerRef, MinorAmount, PaymentMethod, SimulationHints, Uuid } from '../domain/fields.ts';

/**
 * What is asked of the world outside. It is written in the transaction that decides it, done by a worker afterwards,
 * and answered by an event that carries its key: no provider is ever called inside a transaction.
 */

const order = { order_id: Uuid, currency: CurrencyCode, simulation: Type.Optional(SimulationHints) };
const payment = { ...order, attempt: Type.Integer(), amount_minor: MinorAmount };
const parcelLines = Type.Array(Type.Object({ sku: Type.String(), quantity: Type.Integer() }));
const parcel = { ...order, parcel_no: Type.Integer(), carrier: Type.String() };
const ship_to = Type.Object({ country: Type.String(), city: Type.String(), postcode_prefix: Type.String() });

export const AuthorizeRequest = Type.Object({
  ...payment,
  method: PaymentMethod,
  /** Capture at once, for methods that know no authorisation of its own. */
  capture: Type.Boolean(),
  token: Type.Optional(Type.String()),
  customer_ref: CustomerRef,
  /** The customer has passed the second factor for this attempt. */
  mfa_completed: Type.Boolean(),
});
/** `authorize_key` names the authorisation meant, also while the provider's own reference is unknown. */
export const PaymentFollowUp = Type.Object({
  ...payment,
  authorize_key: Type.String(),
  provider_ref: Type.Union([Type.String(), Type.Null()]),
});
export const LabelRequest = Type.Object({
  ...parcel,
  service: Type.Enum(['standard', 'express']),
  warehouse: Type.String(),
  ship_to,
  lines: parcelLines,
});
export const ParcelFollowUp = Type.Object({ ...parcel, tracking_no: Type.String() });
export const ReturnLabelRequest = Type.Object({
  ...order,
  return_id: Uuid,
  carrier: Type.String(),
  lines: Type.Array(Type.Object({ line: Type.Integer(), sku: Type.String(), quantity: Type.Integer() })),
});

export const OP_REQUESTS = {
  authorize: AuthorizeRequest,
  capture: PaymentFollowUp,
  void: PaymentFollowUp,
  refund: PaymentFollowUp,
  label: LabelRequest,
  void_label: ParcelFollowUp,
  pickup: ParcelFollowUp,
  return_label: ReturnLabelRequest,
} as const;
export type OpKind = keyof typeof OP_REQUESTS;
export type OpRequest<Kind extends OpKind = OpKind> = Static<(typeof OP_REQUESTS)[Kind]>;

/** `no` counts the requests of one kind to one order, from 1. */
export type ExternalOp<Kind extends OpKind = OpKind> = {
  [Key in Kind]: { kind: Key; no: number; state: 'waiting' | 'done'; request: OpRequest<Key>; dueAt: number };
}[Kind];

/**
 * The idempotency key: the same request always carries the same one, however often it is sent. A try that was answered
 * and is repeated on purpose (a soft decline, a failed capture) is a new request with a new number.
 */
export const opKey = (orderId: string, kind: OpKind, no: number): string => `${orderId}:${kind}:${no}`;
