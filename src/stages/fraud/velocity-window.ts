import type { OrderPlacedData } from '../../../lib/domain/order-events.ts';
import type { Velocity } from '../../../lib/risk/velocity.ts';

/** How busy the shop is whose orders are counted. */
export interface Traffic {
  /** Orders that the hour before has. */
  ordersAnHour: number;
  /** The last orders before one are still under way and not counted yet. */
  ordersUnderWay: number;
}

/** A shop that takes five or six orders a second. */
export const USUAL_TRAFFIC: Traffic = { ordersAnHour: 20_000, ordersUnderWay: 150 };

type Marks = (string | undefined)[];

/** What of an order is counted, by the part of Velocity it belongs to. */
const marksOf = ({ customer_ref, risk_signals = {} }: OrderPlacedData): Marks => [
  customer_ref,
  risk_signals.ip_hash && `ip ${risk_signals.ip_hash}`,
  risk_signals.device_hash && `device ${risk_signals.device_hash}`,
  risk_signals.address_hash && `address ${risk_signals.address_hash}`,
];

/** Counts the hour before each order as the database would, orders coming evenly. */
export class VelocityWindow {
  readonly #traffic: Traffic;
  readonly #counts = new Map<string, number>();
  readonly #orders = new Map<number, Marks>();
  #n = 0;

  constructor(traffic = USUAL_TRAFFIC) {
    this.#traffic = traffic;
  }

  /** The counts for the next order, which is counted for those after it. */
  next(data: OrderPlacedData): Velocity {
    const { ordersAnHour, ordersUnderWay } = this.#traffic;
    const marks = marksOf(data);
    this.#add(this.#n - 1 - ordersUnderWay, 1);
    this.#add(this.#n - 1 - ordersAnHour, -1);
    this.#orders.delete(this.#n - 1 - ordersAnHour);
    this.#orders.set(this.#n, marks);
    this.#n++;
    const [customer = 0, ip = 0, device = 0, address = 0] = marks.map((mark) => this.#count(mark));
    return { customer, ip, device, address };
  }

  #count(mark: string | undefined): number {
    return mark === undefined ? 0 : (this.#counts.get(mark) ?? 0);
  }

  #add(n: number, change: 1 | -1): void {
    for (const mark of this.#orders.get(n) ?? []) {
      if (mark === undefined) continue;
      const count = this.#count(mark) + change;
      if (count > 0) this.#counts.set(mark, count);
      else this.#counts.delete(mark);
    }
  }
}
