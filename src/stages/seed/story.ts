import type { OrderLine } from '../../../lib/domain/order-events.ts';
import type { Quote, ShippingMethod } from '../../../lib/domain/pricing.ts';
import type { Journey } from './journey.ts';
import type { Method } from './vocabulary.ts';

/** What the story of an order starts from. */
export interface Beginning {
  /** When the consumer stored it; nothing happens before. */
  storedAt: number;
  /** Now. */
  until: number;
  country: string;
  shipping: ShippingMethod;
  method: Method;
  stockPolicy: 'amend' | 'cancel';
  quote: Quote;
}

/** One try to pay. */
export interface Attempt {
  method: Method;
  status: 'succeeded' | 'failed' | 'voided';
  failureCode: string | null;
  at: number;
}

export interface Parcel {
  carrier: string;
  status: 'label_created' | 'ready' | 'in_transit' | 'out_for_delivery' | 'delivered';
  costMinor: number;
  /** When it is closed and labelled, waiting for the carrier; may lie in the future. */
  readyAt: number;
  promisedAt: number;
  shippedAt: number | null;
  outAt: number | null;
  deliveredAt: number | null;
}

export interface Refund {
  /** null: the shipping fee. */
  line: OrderLine | null;
  amountMinor: number;
  reason: string;
  status: 'requested' | 'completed';
  requestedAt: number;
  completedAt: number | null;
  /** Whether the goods went back to the shelf. */
  restocked: boolean;
}

/** All that has become of an order until now. */
export interface Story {
  journey: Journey;
  /** 0 to 100 with two digits. */
  fraudScore: number;
  fraudFlag: boolean;
  attempts: Attempt[];
  parcels: Parcel[];
  refunds: Refund[];
}
