import { requestHash } from '../../../lib/domain/canonical.ts';
import { orderIdFor } from '../../../lib/domain/ids.ts';
import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import type { Labels } from '../runs/manifest.ts';
import type { Fate } from './fate.ts';

/** One order ready to be posted. */
export interface PlannedOrder {
  /** Its number within the run, from 0. */
  n: number;
  key: string;
  customer: string;
  orderId: string;
  /** 32 hexadecimal digits over the canonical body. */
  hash: string;
  body: string;
  labels?: Labels;
}

/** An order with what it asks for and what is meant to become of it. */
export interface OrderStory {
  request: OrderRequest;
  fate: Fate;
  /** Pattern of the fraud; null for an honest buyer. */
  fraud: string | null;
}

/** Where orders come from. The n-th order is the same whenever it is asked for, so nobody has to keep it. */
export interface OrderSource {
  /** How many there are; undefined for an endless source. */
  size: number | undefined;
  order(n: number): PlannedOrder;
}

export function planOrder(n: number, key: string, request: OrderRequest, labels?: Labels): PlannedOrder {
  return {
    n,
    key,
    customer: request.customer,
    orderId: orderIdFor(request.customer, key),
    hash: requestHash(request),
    body: JSON.stringify(request),
    ...(labels && { labels }),
  };
}
