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

/** What people say for a stored value; names that a shop does not have are passed over. */
export const VALUE_WORDS: Partial<Record<FilterField, Record<string, string>>> = {
  category: {
    Footwear: 'shoe',
    Electronics: 'electronic|electronic goods',
    Beauty: 'cosmetic|beauty goods',
    Kitchen: 'kitchenware|kitchen goods',
    Outdoor: 'outdoors|outdoor gear|outdoor goods',
    'Home Decor': 'decor|home decoration',
  },
  city: { 'New York': 'nyc|new york city', Mumbai: 'bombay', Bengaluru: 'bangalore' },
  carrier: { UPS: 'united parcel service', FedEx: 'fed ex|federal express', BlueDart: 'blue dart' },
  warehouse: {
    East: 'eastern warehouse|east coast warehouse',
    West: 'western warehouse|west coast warehouse',
    EU: 'european warehouse|europe warehouse',
  },
  channel: {
    web: 'website|online|desktop|browser|web shop|webshop|web store|the web|internet|webpage|web site|home page|on the web|on the internet|over the internet|on the website|on our website|through the website|via the website|computer',
    mobile:
      'app|mobile app|phone app|smartphone|the app|on phones|cell phone|cellphone|mobile phone|mobile device|handset|on the app|in the app|in app|via the app|through the app|our app|by app|mobile application',
  },
  segment: {
    business:
      'b2b|corporate|company customer|trade customer|commercial customer|commercial client|enterprise|business client|business account|corporate account|business to business|business buyer|company account',
    consumer:
      'b2c|private|private customer|retail customer|individual customer|end consumer|private individual|business to consumer|private client|private buyer|individual consumer',
    vip: 'vips|vip client|vip tier|vip member',
  },
  order_status: {
    pending_payment:
      'awaiting payment|waiting for payment|unpaid|not paid|not yet paid|payment pending|yet to be paid|yet to pay|not been paid|have not been paid|has not been paid|still to be paid|payment outstanding|payment due|outstanding payment|waiting on payment|waiting to be paid|pending for payment|with payment pending|unsettled|no payment yet|not settled yet|not yet settled|awaiting their payment|payment still pending|still waiting for payment|still awaiting payment|still unpaid|waiting the payment|waiting payment|wait for payment|wait for the payment|wait on payment|await the payment|wait for their payment|not paid so far|not paid for yet|not paid for|waiting to get paid|pending the payment|pending payment state|in pending payment state|state pending payment|pending payment stage',
    payment_failed: 'in payment failed|status payment failed|payment failed status|in payment failed status',
    processing:
      'to be packed|waiting to be packed|being processed|in processing|processed|being prepared|in preparation|being worked on|being handled|being picked|being fulfilled|in process|under processing|in handling|in fulfilment|in fulfillment|getting processed|getting ready|processing state|in processing state|state processing|processing stage',
    packed:
      'ready to ship|boxed|boxed up|packed up|all packed|packaged|packaged up|wrapped up|ready for dispatch|ready for shipment|ready for shipping|ready for the carrier|ready for pickup|ready for collection|ready to go out|ready to leave|ready to be shipped|ready to be sent|waiting for pickup|waiting for the carrier|awaiting pickup|awaiting collection|waiting for collection|in box|in a box|packed state|in packed state|state packed|packed stage',
    shipped:
      'in status shipped|status shipped|marked shipped|marked as shipped|with status shipped|in shipped status|status of shipped|shipped state|in shipped state|state shipped|shipped stage',
    delivered:
      'in status delivered|status delivered|marked delivered|marked as delivered|with status delivered|in delivered status|status of delivered|delivered state|in delivered state|state delivered|delivered stage',
    cancelled:
      'in status cancelled|status cancelled|marked cancelled|marked as cancelled|with status cancelled|in cancelled status|status of cancelled|cancelled state|in cancelled state|state cancelled|cancelled stage',
    paid: 'in status paid|status paid|in paid|marked paid|marked as paid|with status paid|in paid status|status of paid|paid state|in paid state|state paid|paid stage',
    out_for_delivery:
      'out for delivery|with the driver|on the van|with the delivery driver|in the van|on the delivery van|on the truck|being delivered|in the delivery van|with the courier driver|on the last mile|on the courier van|out for delivery state|in out for delivery state|state out for delivery|out for delivery stage',
  },
  payment_method: {
    card: 'credit card|debit card|card payment|by card|with card|bank card|creditcard|debitcard|by plastic|plastic|payment card|paid by card|card paid|credit and debit card|credit or debit card',
    bnpl: 'buy now pay later|pay later|installment|klarna|instalment|in instalment|in installment|by instalment|by installment|afterpay|deferred payment|paid later|purchase on credit',
    paypal: 'pay pal',
    apple_pay: 'applepay|apple wallet',
    google_pay: 'googlepay|gpay|g pay|google wallet',
    bank_transfer:
      'wire transfer|wire|bank wire|by transfer|via transfer|through bank transfer|money transfer|sepa transfer|sepa|eft|bank giro|credit transfer|direct transfer|bank to bank transfer',
  },
  failure_code: {
    insufficient_funds:
      'insufficient fund|not enough fund|not enough money|lack of fund|not enough balance|insufficient balance|lack of money|lacking fund|not enough cash|not enough in the account|insufficient money|not sufficient fund|overdrawn|nsf|no fund|out of fund|too little money|account not covered|no money on the card|empty account|no cover|without enough fund|without enough money|without fund|without sufficient fund|lack of cover|short of fund',
    card_declined:
      'declined card|card decline|declined by the bank|bank declined|declined by the issuer|issuer declined|bank decline|declined by bank|card was declined|card got declined|card being declined',
    expired_card:
      'card expired|expired|card out of date|out of date card|card has expired|expiry|expiration|card expiry|outdated card|lapsed card|expire|card that expired|card had expired|card past its date',
    '3ds_failed':
      '3ds|3d secure|3ds failure|failed 3ds|3d secure failed|3ds problem|3ds error|3d secure failure|authentication failed|failed authentication|authentication failure|authentication|strong authentication|3ds check|3ds challenge|failed 3ds check|3d secure check|3d secure problem|3ds authentication',
    timeout: 'timed out|time out|gateway timeout|timing out|payment timeout|no response|no answer from the bank',
    fraud_suspected:
      'suspected fraud|fraud suspicion|suspicion of fraud|fear of fraud|fraud fear|fraud alarm raised|suspecting fraud|possible fraud|presumed fraud',
  },
  refund_reason: {
    damaged:
      'broken|defective|damage|damaged good|damaged item|arrived damaged|faulty|smashed|cracked|broken on arrival|in pieces|scratched|dented|torn|shattered|defect|dead on arrival|crushed|spoiled|wrecked|bad condition|in bad condition|arrived broken|come broken|damaged in transit|transport damage|damaged on arrival|ruined|quality defect|damaged product|broken item|broken product|arrive smashed|arrive broken|arrive damaged|arrive cracked|arrive in pieces|arrive scratched|arrive defective|arrive faulty|come damaged|turn up damaged|turn up broken|turn up smashed|delivered damaged|damaged item received|broken good|defective item|faulty item|faulty product|defective product|defective good|faulty good',
    wrong_item:
      'wrong product|incorrect item|wrong article|wrong thing|wrong good|item mix up|product mix up|mix up|mixup|wrong item sent|wrong thing sent|sent the wrong item|sent the wrong thing|sent the wrong product|got the wrong item|got the wrong thing|got the wrong product|receive the wrong item|receive the wrong product|received the wrong item|wrong one sent|incorrect product|picking error|mispick|not what they ordered|not what was ordered|other than ordered|mistaken item|incorrect article|wrong item being sent|wrong item shipped|wrong item delivered|wrong item arriving|wrong product sent|wrong product being sent|wrong product delivered|wrong product shipped|wrong article sent',
    not_as_described:
      'not a described|misdescribed|different from description|not like described|not matching the description|not match the description|did not match the description|not match description|differ from the description|differ from description|not as advertised|not as pictured|not as shown|not like the picture|not like in the picture|misleading description|wrong description|unlike the description|description mismatch|not as expected|not what they expected|not as in the description|different than described|other than described|different from what was described|not true to the description|not what was described|not like on the picture',
    changed_mind:
      'change their mind|change my mind|change of heart|changing their minds|changed their minds|change of mind|changed my mind|no longer wanted|no longer needed|not needed anymore|not wanted anymore|not want it anymore|did not want it|no longer want it|do not want it|regret|buyer remorse|remorse|second thought|have second thought|thought better of it|did not need it|unwanted|change of plan|change one mind|changing your mind|mind changed|mind changing|did not want it anymore|do not want it anymore|no longer want|not wanted any more',
    size_fit:
      'wrong size|size|fit|did not fit|does not fit|sizing|size or fit|fit problem|size problem|size issue|fit issue|bad fit|poor fit|wrong fit|ill fitting|sizing issue|sizing problem|too tight|too loose|not fitting|fit badly|wrong sizing|wrong size or fit|size and fit|fitting problem|fitting issue|fit or size|did not fit well|not fit',
    late_delivery:
      'arrived too late|came too late|arriving late|arrive late|come late|deliver late|late arrival|arrive too late|come too late|deliver too late|delayed delivery|slow delivery|delivery delay|delay in delivery|parcel late|delivered too late|being late|lateness|delivery too late|delivery being late',
  },
  customer_type: {
    returning:
      'returning customer|existing customer|returning buyer|repeat customer|repeat buyer|returning shopper|returning one|returning ones|repeat ones|existing ones|existing buyer|customer who ordered before|old customer|known customer|previous customer|repeat shopper|recurring customer|returning client|repeat client|existing client|existing shopper|past customer|established customer|customer who had ordered before|customer who bought before|customer who had bought before|regular customer|regular buyer|regular shopper|returning people|people who had ordered before|people who ordered before|people who bought before|recurring buyer|customer we already had',
    new: 'new customer|first time customer|first time buyer|new buyer|new shopper|new one|new ones|new client|brand new customer|brand new buyer|fresh customer|new people|first time shopper|first time client',
  },
};

/** ISO country codes by what people call the country, beyond the English name that Intl gives. */
export const COUNTRY_WORDS: Record<string, string> = {
  US: 'usa|the states|united states of america|the usa|u s|america|the united states|american|u s a',
  GB: 'brit|uk|britain|great britain|england|british|united kingdom|the uk|u k',
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
