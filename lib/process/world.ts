import type { ReservationState } from './order-state.ts';

/** What the risk step says of a new order; `score` from 0 to 1. */
export interface RiskVerdict {
  decision: 'allow' | 'review' | 'block';
  score: number;
  /** Codes of the rules and features that weighed most, the strongest first. */
  reasons: string[];
  /** Version of the model that scored. */
  model: string;
}

/** Units that can still be promised while a batch is decided. */
export interface StockDesk {
  /** All that is wanted, or nothing: takes the units, or leaves the desk as it was. */
  reserve(wanted: readonly { productId: number; quantity: number }[]): ReservationState[] | undefined;
}

/** What a decision depends on besides the order and the event. */
export interface World {
  /** Milliseconds since 1970. */
  now: number;
  stock: StockDesk;
  /** Carriers by preference; the next one is asked when one fails to make a label. */
  carriers: readonly string[];
}

/** What is known of a product when an order for it comes. */
export interface KnownProduct {
  productId: number;
  currency: string;
  price_minor: number;
}
export type FindProduct = (sku: string) => KnownProduct | undefined;
