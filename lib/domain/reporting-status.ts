import type { OrderStatus } from './order-machine.ts';

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

/**
 * An order that holds its stock is reported as `processing`: until payment is a step of the pipeline nothing is
 * pending once the stock is held (docs/decisions/0004-reserved-is-processing.md).
 */
const BY_STATUS: Record<OrderStatus, ReportingStatus> = {
  received: 'pending_payment',
  review: 'pending_payment',
  action_required: 'pending_payment',
  reserved: 'processing',
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

/** The label of a status; `reason` tells a failed payment from every other end. */
export function reportingStatusOf(status: OrderStatus, reason: string | null): ReportingStatus {
  const label = BY_STATUS[status];
  return label === 'cancelled' && reason && UNPAID_REASONS.has(reason) ? 'payment_failed' : label;
}

/** Orders that are not sales: reports of revenue, units and customers leave them out. */
export const NO_SALE: readonly ReportingStatus[] = ['pending_payment', 'payment_failed', 'cancelled'];
