import type { FilterField } from './names.ts';

export interface Field {
  /** What a filter on it says, for people and for a model. */
  about: string;
  /** What its value is: a stored name, a number (amounts in units of the currency), an instant in UTC, or yes and no. */
  kind: 'name' | 'number' | 'instant' | 'flag';
}

const name = (about: string): Field => ({ about, kind: 'name' });
const flag = (about: string): Field => ({ about, kind: 'flag' });

/** What rows can be narrowed by. */
export const FIELD: Record<FilterField, Field> = {
  product: name('name of a product'),
  category: name('category of a product'),
  brand: name('brand of a product'),
  segment: name('segment of the customer'),
  city: name('city the order is shipped to, or the customer lives in'),
  country: name('ISO code of the country the order is shipped to, or the customer lives in'),
  channel: name('where the order was placed'),
  order_status: name('reporting status of the order as it is now'),
  payment_method: name(
    'method of the payment; of an order, that of its payment that went through, else of its last try',
  ),
  failure_code: name('why a payment failed'),
  refund_reason: name('why money was given back'),
  carrier: name('who carried the parcel; of an order, its first parcel'),
  warehouse: name('where the stock lies'),
  coupon: name('coupon code of the order'),
  customer_type: name('returning: the customer has an earlier sale order; otherwise new'),
  customer: name('id of a customer'),
  order_value: { about: 'value of one order, after discounts', kind: 'number' },
  fraud_score: { about: 'fraud score of one order, 0 to 100', kind: 'number' },
  status_age_hours: { about: 'hours since the order entered its status', kind: 'number' },
  status_since: { about: 'when the order entered its status', kind: 'instant' },
  placed_not_shipped: {
    about: 'paid and not yet shipped; a number means placed more than so many hours ago',
    kind: 'flag',
  },
  open_order: flag('neither delivered nor cancelled nor failed'),
  has_coupon: flag('the order has a coupon code'),
  has_sale_order: flag('the customer has ever bought'),
  last_order_before: { about: 'the last sale order of the customer is older', kind: 'instant' },
  low_stock: flag('available stock is at or below the reorder point'),
  out_of_stock: flag('nothing is available'),
  fraud_flag: flag('the order is flagged as fraud'),
  overdue: flag('the parcel is past its promise and not delivered'),
  late: flag('the parcel was delivered after its promise'),
};
