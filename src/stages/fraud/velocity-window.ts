import type { OrderPlacedData } from '../../../lib/domain/order-events.ts';
import type { Velocity } from '../../../lib/risk/velocity.ts';

/** Orders that the hour before has: a shop that takes five or six orders a second. */
const ORDERS_AN_HOUR = 20_000;
/** The last orders before this one are still under way and not counted yet. */
const ORDERS_UNDER_WAY = 100;

/** What of an order is counted, by the part of Velocity it belongs to. */
const marksOf = ({ customer_ref, risk_signals = {} }: OrderPlacedData): (string | undefined)[] => [
  customer_ref,
  risk_signals.ip_hash && `ip ${risk_signals.ip_hash}`,
  risk_signals.device_hash && `device ${risk_signals.device_hash}`,
  risk_signals.address_hash && `address ${risk_signals.address_hash}`,
];

/** Counts the hour before each order as the database would, orders coming evenly. */
export class VelocityWindow {
  readonly #counts = new Map<string, number>();
  readonly #orders: (string | undefined)[][] = [];
  #n = 0;

  /** The counts for the next order, which is counted for those after it. */
  next(data: OrderPlacedData): Velocity {
    const marks = marksOf(data);
    this.#orders[this.#n] = marks;
    this.#add(this.#n - ORDERS_UNDER_WAY, 1);
    this.#add(this.#n - ORDERS_AN_HOUR, -1);
    delete this.#orders[this.#n - ORDERS_AN_HOUR];
    this.#n++;
    const [customer, ip, device, address] = marks.map((mark) => (mark && this.#counts.get(mark)) || 0);
    return { customer: customer!, ip: ip!, device: device!, address: address! };
  }

  #add(n: number, change: 1 | -1): void {
    for (const mark of this.#orders[n] ?? []) {
      if (mark === undefined) continue;
      const count = (this.#counts.get(mark) ?? 0) + change;
      if (count > 0) this.#counts.set(mark, count);
      else this.#counts.delete(mark);
    }
  }
}
