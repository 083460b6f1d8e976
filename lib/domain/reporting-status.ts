import type { OrderStatus } from './order-machine.ts';
import type { ParcelState } from './parcel-machine.ts';

/** The label that customers and reports use. */
export const REPORTING_STATUSES = [
  'pending_payment',
  'payment_failed',
  'paid',
  'processing',
  'packed',
  'shipped',
  'out_for_delivery',
  'delivered',
  'cancelled',
] as const;
export type ReportingStatus = (typeof REPORTING_STATUSES)[number];

const BY_STATUS: Record<OrderStatus, ReportingStatus> = {
  received: 'pending_payment',
  review: 'pending_payment',
  action_required: 'pending_payment',
  reserved: 'pending_payment',
  confirmed: 'paid',
  fulfilling: 'processing',
  partially_shipped: 'shipped',
  shipped: 'shipped',
  delivered: 'delivered',
  completed: 'delivered',
  returned: 'delivered',
  closing: 'cancelled',
  cancelled: 'cancelled',
  rejected: 'cancelled',
};

const UNPAID_REASONS = new Set(['payment_declined', 'mfa_timeout']);

/**
 * The label of a status; `reason` tells a failed payment from every other end, and goods that came back from goods that
 * never arrived.
 */
export function reportingStatusOf(status: OrderStatus, reason: string | null): ReportingStatus {
  if (reason && UNPAID_REASONS.has(reason) && BY_STATUS[status] === 'cancelled') return 'payment_failed';
  if (status === 'returned' && reason === 'undeliverable') return 'cancelled';
  return BY_STATUS[status];
}

/** What a label is made from: the order, and where its parcels are. */
export interface Reported {
  status: OrderStatus;
  reason: string | null;
  closeAs: 'cancelled' | 'returned' | null;
  parcels: readonly { state: ParcelState }[];
}

const LABELLED: ReadonlySet<ParcelState> = new Set(['label_created', 'ready']);

/** The label of an order: what its parcels say is finer than its status. */
export function reportingStatusFor({ status, reason, closeAs, parcels }: Reported): ReportingStatus {
  if (status === 'fulfilling' && parcels.every(({ state }) => LABELLED.has(state))) return 'packed';
  if (status === 'partially_shipped' || status === 'shipped') {
    return parcels.some(({ state }) => state === 'out_for_delivery') ? 'out_for_delivery' : 'shipped';
  }
  if (status === 'closing' && closeAs === 'returned') return reportingStatusOf('returned', reason);
  return reportingStatusOf(status, reason);
}

/** Orders that are not sales: reports of revenue, units and customers leave them out. */
export const NO_SALE: readonly ReportingStatus[] = ['pending_payment', 'payment_failed', 'cancelled'];
