import type { LineState, OrderState, ParcelAttempt, PaymentAttempt } from '../../lib/process/order-state.ts';

const PLACED_AT = Date.UTC(2026, 2, 1, 12);

const line = (changes: Partial<LineState>): LineState => ({
  ...{ line: 1, productId: 1, sku: 'A', quantity: 2, unit_minor: 1_000, discount_minor: 0, tax_minor: 160 },
  ...{ shipped: 0, lost: 0, returned: 0 },
  ...changes,
});

const payment = (changes: Partial<PaymentAttempt>): PaymentAttempt => ({
  ...{ attempt: 1, method: 'card', state: 'authorized', amount: 2_659, authorized: 2_659, captured: 0 },
  ...{ refundWanted: 0, refunded: 0, failureCode: null, providerRef: 'pay-1', createdAt: PLACED_AT },
  ...changes,
});

const parcel = (changes: Partial<ParcelAttempt>): ParcelAttempt => ({
  ...{ parcelNo: 1, warehouse: 'East', lines: [{ line: 1, quantity: 2 }], state: 'ready', carrier: 'swiftpost' },
  ...{ trackingNo: 'SP1', costMinor: 400, labelUrl: null, labelTries: 1 },
  ...{ promisedAt: null, shippedAt: null, deliveredAt: null },
  ...changes,
});

/** An order of customer c-1: two of A for 26.59 USD, nothing done yet but reserved. */
export function orderState(orderId: string, changes: Partial<OrderState> = {}): OrderState {
  return {
    ...{ seq: 4, orderId, customerRef: 'c-1', status: 'reserved', reason: null, closeAs: null, version: 2 },
    ...{ statusSince: PLACED_AT, dueAt: PLACED_AT + 900_000, placedAt: PLACED_AT, currency: 'USD' },
    ...{ subtotal: 2_000, discount: 0, tax: 160, shipping: 499, total: 2_659, paymentMethod: 'card' },
    ...{ stockPolicy: 'cancel', shippingMethod: 'standard', riskSignals: null, synthetic: false, simulation: null },
    shipTo: { country: 'US', city: 'Reno', postcodePrefix: '' },
    lines: [line({})],
    ...{ reservations: [], payments: [], parcels: [], returns: [], refunds: [], ops: [] },
    ...changes,
  };
}

/** Paid, and with the carrier. */
export const shippedOrder = (orderId: string): OrderState =>
  orderState(orderId, {
    status: 'shipped',
    lines: [line({ shipped: 2 })],
    payments: [payment({ state: 'captured', captured: 2_659 })],
    parcels: [parcel({ state: 'in_transit', shippedAt: PLACED_AT })],
  });

/** Paid, and with the customer, who can still return it. */
export const deliveredOrder = (orderId: string, changes: Partial<OrderState> = {}): OrderState => ({
  ...shippedOrder(orderId),
  status: 'delivered',
  parcels: [parcel({ state: 'delivered', shippedAt: PLACED_AT, deliveredAt: PLACED_AT })],
  ...changes,
});
