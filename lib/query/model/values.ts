import { PAYMENT_METHODS } from '../../domain/fields.ts';
import { REPORTING_STATUSES } from '../../domain/reporting-status.ts';
import type { FilterField } from './names.ts';

/** Values that the code itself fixes, as they are stored; the others are read from the database (catalogue.ts). */
export const FIXED_VALUES: Partial<Record<FilterField, readonly string[]>> = {
  channel: ['web', 'mobile', 'store', 'marketplace'],
  order_status: REPORTING_STATUSES,
  payment_method: PAYMENT_METHODS,
  segment: ['consumer', 'business', 'vip'],
  failure_code: ['insufficient_funds', 'card_declined', 'expired_card', '3ds_failed', 'timeout', 'fraud_suspected'],
  refund_reason: ['damaged', 'wrong_item', 'not_as_described', 'changed_mind', 'late_delivery', 'size_fit'],
  customer_type: ['new', 'returning'],
};

/** What people say for a stored value. */
export const VALUE_WORDS: Partial<Record<FilterField, Record<string, string>>> = {
  channel: {
    web: 'website|online|desktop|browser|web shop|webshop|web store|the web',
    mobile: 'app|mobile app|phone app|smartphone|the app|on phones',
  },
  segment: {
    business: 'b2b|corporate',
    consumer: 'b2c|private',
    vip: 'vips',
  },
  order_status: {
    pending_payment: 'awaiting payment|waiting for payment|unpaid|not paid|not yet paid|payment pending',
    payment_failed: 'in payment failed|status payment failed|payment failed status|in payment failed status',
    processing: 'being processed|in processing|processed',
    packed: 'ready to ship|boxed',
    shipped: 'in status shipped|status shipped',
    delivered: 'in status delivered|status delivered',
    cancelled: 'in status cancelled|status cancelled',
    paid: 'in status paid|status paid|in paid',
    out_for_delivery: 'out for delivery|with the driver|on the van',
  },
  payment_method: {
    card: 'credit card|debit card|card payment|by card|with card',
    bnpl: 'buy now pay later|pay later|installment|klarna',
    paypal: 'pay pal',
    apple_pay: 'applepay',
    google_pay: 'googlepay|gpay',
    bank_transfer: 'wire transfer|wire|bank wire',
  },
  failure_code: {
    insufficient_funds: 'insufficient fund|not enough fund|not enough money|lack of fund',
    card_declined: 'declined card|card decline',
    expired_card: 'card expired|expired',
    '3ds_failed': '3ds|3d secure|3ds failure',
    timeout: 'timed out|time out',
    fraud_suspected: 'suspected fraud|fraud suspicion',
  },
  refund_reason: {
    damaged: 'broken|defective|damage|damaged good|damaged item|arrived damaged|faulty',
    wrong_item: 'wrong product|incorrect item|wrong article',
    not_as_described: 'not a described|misdescribed|different from description',
    changed_mind:
      'change their mind|change my mind|change of heart|changing their minds|changed their minds|change their minds|change of mind|changed their mind|changed my mind|changing their mind|no longer wanted',
    size_fit: 'wrong size|size|fit|did not fit|does not fit|sizing|size or fit',
    late_delivery: 'arrived too late|came too late|arriving late',
  },
  customer_type: {
    returning:
      'returning customer|existing customer|returning buyer|repeat customer|repeat buyer|returning shopper|returning one|returning ones|repeat ones|existing ones|existing buyer|customer who ordered before',
    new: 'new customer|first time customer|first time buyer|new buyer|new shopper|new one|new ones',
  },
};

/** ISO country codes by what people call the country, beyond the English name that Intl gives. */
export const COUNTRY_WORDS: Record<string, string> = {
  US: 'usa|the usa|u s|america|the united states|american|u s a',
  GB: 'uk|britain|great britain|england|british|united kingdom|the uk|u k',
  CA: 'canadian',
  DE: 'german|deutschland',
  IN: 'indian',
  FR: 'french',
  ES: 'spanish',
  IT: 'italian',
  BR: 'brazilian|brasil',
  NL: 'holland|dutch|the netherlands',
};

/** Codes that are English words too, and so are no country when typed in lower case. */
export const CODE_IS_WORD = new Set([
  'IN',
  'US',
  'IT',
  'NO',
  'IS',
  'AT',
  'BE',
  'DO',
  'SO',
  'TO',
  'AM',
  'AS',
  'MY',
  'ME',
  'BY',
]);
