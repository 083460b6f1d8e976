import type { DimensionName } from './names.ts';

/**
 * The vocabulary: phrases by what they mean. An atom is a piece of the meaning of a metric (rules.ts puts them
 * together); phrases are matched after plurals are taken off, longest first.
 */

export const ATOMS = {
  revenue:
    'revenue|sale|turnover|taking|money|spend|spent|spending|spender|income|earning|earned|earn|sales figure|sales volume|money made|make|made|brought in|bring in|bringing in|generate|generated|grossing|business|dollar|purchase amount|sales value|how much money|rake in|raked in|raking in|pull in|pulled in|bring home|brought home|haul|take home|rung up|ring up|rang up|top line|proceed|receipt|turn over|turned over|do in sale|did in sale|cash in|cashed in|trade|trading',
  spend: 'spend|spent|spending',
  gross: 'gross|before discount|list value|gross sale|gross revenue',
  net: 'net|after refund|minus refund|less refund|net of refund|net sale|net revenue',
  discount:
    'discount|discounted|markdown|rebate|discount given|price reduction|knocked off|promotional discount|price cut|reduction|money off|given away|give away|gave away|knock off|taken off|price knocked off|shaved off',
  margin:
    'margin|profit|gross profit|gross margin|profitable|profitability|profit margin|markup|mark up|make on|made on|left after cost|make after cost|left over after cost',
  tax: 'tax|vat|gst|sales tax',
  unit: 'unit|piece|quantity|qty|units sold|items sold|pieces sold|unit sale|sales unit|unit of stock|copy|pair',
  goods: 'product|item|article|sku|good',
  sell: 'sell|sold|selling|buy|bought|buying|moved|move|shifted|sell the most|purchase|purchased|best selling|top selling|selling best|sold best|shift|shifting|left the shelf|leave the shelf|off the shelf|flew off the shelf|fly off the shelf|flying off the shelf|over the counter|went over the counter|left the shop|left our shelf|snapped up|snap up|sold off|go for',
  seller: 'best seller|bestseller|top seller|seller|bestselling|best selling item|hit',
  basket:
    'aov|average order value|avg order value|mean order value|basket|basket size|basket value|average basket|cart|cart value|cart size|average cart|average ticket|ticket size|average order size|average purchase|order average|average sale|average spend per order|spend per order|revenue per order|sales per order|average value of an order|average order|average check|typical order value|typical order|typical basket|average spend|average till|typical spend|average customer order|spend a order|usual basket|average amount per order|average amount of an order|average sum per order|worth of an average order|average order worth',
  median: 'median|middle',
  order:
    'order|purchase order|ordered|ordering|order count|order number|order volume|order placed|transaction order|sales order|checkout',
  ordervalue: 'order value|order size|order total|order amount|value of order',
  customer: 'customer|client|shopper|people|person|user|consumer base|customer base|folk|punter|guest|household',
  buyer:
    'buyer|buying customer|paying customer|unique buyer|distinct buyer|unique client|unique shopper|active customer|purchaser|unique customer|distinct customer|customer who bought|customer who ordered|customer bought|customer ordered|customer purchased|people bought|people ordered|customer placed|shopped|shopped with us|bought from us|ordered from us|bought with us|placed an order|made a purchase|made an order|customer shopped',
  firsttime:
    'first time buyer|first time customer|first time|first order|first purchase|brand new buyer|first timer|first time shopper|bought for the first time|ordered for the first time|very first order|order for the first time|buy for the first time|first ever order',
  signup:
    'sign up|signed up|signup|signing up|register|registered|registration|joined|join|new customer|new account|customer acquired|newly registered|acquired|customer acquisition|acquisition|new user|new client|new shopper|new signup|account|user account|customer account|new customer account|newcomer|new face|joined us|onboarded|came on board|signed on|new sign up|fresh customer|opened an account|created an account|account opened|account created',
  customerbase:
    'customer do we have|registered customer|customer in total|total customer|size of our customer base|customer registered|customer on file|customer on record|customer overall',
  repeat:
    'again|repeat|reorder|reordered|bought again|buy again|order again|ordered again|came back|come back|coming back|more than once|multiple times|several times|repeat purchase|repeat customer|repeat buyer|at least twice|repurchase|regular|came back for more|come back for more|bought twice|order twice|ordered twice|buy twice|second order|second purchase|came again',
  retention: 'retention|retained|retain|customer retention',
  lifetime:
    'ltv|clv|lifetime value|life time value|customer lifetime value|customer value|lifetime revenue per customer|lifetime spend|average revenue per customer|revenue per customer|average spend per customer|spend per customer',
  orderspercustomer:
    'order per customer|order frequency|order per buyer|purchase frequency|purchase per customer|order each customer place|order a customer place|order per client|order per shopper|order does a customer place',
  cancel:
    'cancel|cancelled|canceled|cancellation|cancelation|cancelling|canceling|called off|call off|scrapped|fell through|calling off|annulled',
  refund:
    'refund|refunded|refunding|return|returned|returning|sent back|send back|give back|gave back|given back|brought back|return product|bring back|took back|send thing back|send things back|sent thing back|sending thing back|send item back|sending item back|send product back|send stuff back|bring thing back|sending back|send it back|send them back|return thing|handed back|reimbursed|reimbursement|came back to us|come back to us|money back claim|taken back',
  moneyback:
    'total refunded|refunded total|refund total|total refund|refund volume|money back|money refunded|refunded money|money returned|paid back|handed back to customer|gave back to customer|given back to customer|reimbursed amount',
  payment: 'payment|transaction|charge|charged|billed|checkout payment|paid',
  paycarrier:
    'pay carrier|paid to carrier|pay the carrier|pay to carrier|paid carrier|paid to the carrier|pay our carrier|courier bill|carrier bill|shipping bill|freight bill|freight|carriage|postage bill|courier cost|spend on courier|spent on courier|spend on carrier|spent on carrier',
  pay: 'pay|paid|paying|pay for',
  attempt: 'attempt|try',
  fail: 'fail|failed|failing|failure|declined|decline|unsuccessful|rejected|did not go through|not go through|go wrong|bounce|bounced|error|go wrong|not succeed|did not succeed|not work|problem|turned down|knocked back|did not clear|not clear|broke|collapsed|unpaid attempt|refused',
  success:
    'succeed|succeeded|success|successful|went through|go through|approved|approval|acceptance|authorised|accepted|cleared|clear|worked|completed',
  ship: 'ship|shipped|shipping|dispatch|dispatched|sent out|send out|handed over|shipment|parcel|package|handed to carrier|postage|sent|we ship|we dispatch|we send out|us to ship|us to dispatch|box|consignment|sent off|send off|went out|go out|out the door|out of the door|left the building|despatch|despatched|left our warehouse|on its way|sent on its way|mailed|mail out|posted',
  deliver:
    'deliver|delivered|delivery|delivering|arrive|arrived|arrival|handed to customer|drop off|landed|reached the customer|reach the customer|reached their customer|got there|handed over to the customer|drop|reach|reached|dropped off|brought to the door|wait for their parcel|wait for their order|wait for their delivery|wait for their package|wait for a parcel|wait for a delivery|wait for an order|wait for delivery',
  dayslate: 'day late|how late|length of delay',
  deliverytime:
    'delivery time|delivery day|shipping time|transit time|transit day|day to deliver|delivery duration|delivery speed|time to deliver|time to arrive|day in transit|day until delivery|lead time|shipping duration|shipping speed|speed of delivery',
  late: 'late|late delivery|delayed|delay|behind schedule|missed promise|after the promised date|past the promised date|lateness|overran|tardy|not on time|behind time|not in time|missed the deadline|after the deadline|past the deadline|missed their deadline|later than promised|later than we promised|too late|missed the promised date|missed their promised date|broke the promise|behind the promised date|after the promise',
  ontime:
    'on time|ontime|punctual|punctuality|in time|as promised|by the promised date|by the deadline|within the promised time|within the promise|kept the promise|kept our promise|when promised|on schedule|to schedule|not late',
  undelivered: 'undelivered|not delivered|not been delivered',
  overdue:
    'overdue|past their promised date|past the promised date|past its promised date|past promised date|past the promised delivery date|past their promised delivery date|past due|past their promise|not arrived yet|running late|should have arrived|should have been delivered|not yet delivered|still in transit late|should be there by now|should have been there|still not there|gone missing|still on the road past',
  time: 'time|long|duration|how long|speed|fast|quick|quickly|turnaround|take to arrive|how fast|how quickly|how quick|how slow|how slowly|how soon|how rapidly',
  fulfil:
    'fulfilment|fulfillment|fulfil|fulfill|processing time|order to shipped|order to shipping|order to shipment|order to dispatch|order to ship|placed to shipped|between order and shipping|between order and dispatch|between order and shipment|handling time|time to ship|time to dispatch|placing to shipping|get order out|get an order out|get order out of the door|get order out the door|get an order out the door|get an order out of the door|ordered to shipped|before it ship|until it ship|take to ship|before shipping',
  cost: 'cost|expense|cost us|paid to carrier|pay carrier|pay the carrier',
  fee: 'fee|shipping fee|shipping charge|shipping revenue|delivery fee|delivery charge|charged for shipping|shipping paid by customer|shipping income|shipping collected|postage income|postage paid by customer|postage charged|charged for delivery|charged for postage|delivery income',
  coupon:
    'with a coupon|coupon|coupon code|promo code|discount code|voucher|voucher code|promo|promotion|promotion code|code',
  use: 'use|used|using|redeem|redeemed|redemption|usage|applied|apply|uses',
  fraud:
    'fraud|fraudulent|suspicious|fraud flagged|fraud flag|flagged|flagged as fraud|flagged for fraud|fraud suspected order|flag|dodgy|shady|fishy|scam|suspect|look like fraud|looked like fraud|smell of fraud|bogus',
  score: 'score|fraud score|risk score|risk|risk rating',
  stock:
    'stock|inventory|on hand|stock level|in stock|stock on hand|unit in stock|unit on hand|stock count|inventory level|on the shelf|on our shelf|in the warehouse|in our warehouse|on stock|lying in the warehouse|stocked|lying around',
  available:
    'available|availability|free stock|sellable|unreserved|available stock|available unit|left|left over|remaining|left to sell|available to sell|left in stock|stock left|remaining stock|stock remaining|stock available|available inventory|remain',
  cover:
    'day of stock|day of cover|stock cover|day of stock left|day of inventory|day of supply|cover|run out date|day until we run out|day left of stock',
  stockvalue:
    'inventory value|stock value|value of inventory|value of our inventory|value of stock|value of our stock|inventory worth|stock worth|value of the inventory|value of the stock|tied up in stock|tied up in inventory|capital in stock|money tied up in inventory|money tied up in stock|inventory at cost|value in stock|worth of stock|worth of inventory|our inventory worth|our stock worth|the inventory worth|the stock worth',
  status: 'status|order state|whatever state',
  stuck: 'stuck|hanging|stalled|lingering|jammed|bogged down',
  open: 'open order|still open|open|outstanding|unfulfilled|not completed|in progress|active order|pending order',
  anystatus:
    'of any status|any status|all status|every status|including cancelled|regardless of status|all order|attempted order|created order|whatever their status|whatever the status|total number of order placed including cancelled|whatever it status|whatever its status|no matter the status|no matter what status|no matter the state|whatever their state|of whatever status|in whatever status|cancelled or not|paid or not|cancelled one included|including cancelled one|including the cancelled one|cancelled included|regardless of their status|regardless of it status|regardless of the status',
  how: 'how did we do|how are we doing|how we did|how is business|how was business|how did it go|performance|how have we done|how are thing|how well did we do|how did the shop do|how did business go|how did we perform|we perform|did we perform|did we do better|do we do better|are we doing better|we do better|how did the shop perform|how is the shop doing|did we do|did better|doing better|how did we fare|we fare|did we fare|how did it look|how did business do|how did trade go|how was trade|how was trading',
  amount: 'amount|value|worth|value of|how much money|total value|sum|refund money|total amount|dollar amount',
  count: 'number|count|how many|number of|quantity of|no of',
  howmuch: 'how much',
  worth: 'worth|value|value of',
  howmanydays: 'how many day|number of day|day it take|days does it take|day they take|most day|fewest day',
  volume: 'volume',
  weship:
    'we ship|we dispatch|we send out|we send|we get order out|us to ship|us to dispatch|leave the warehouse|leave our warehouse|go out of the door',
  avg: 'average|avg|mean|typical|typically|usually|on average|usual',
  rate: 'how large a share|how big a share|how large a part|how big a part|what part of|how large a proportion|rate|percentage|percent|pct|ratio|proportion|share|fraction|what part|portion',
  often: 'often|frequently|frequent|frequency|likely|common|commonly|reliably|regularly|how often',
  popular:
    'popular|favorite|favourite|favoured|common|used most|most used|in demand|preferred|loved|sought after|liked|in vogue|trendy|hot',
  slow: 'slow|slowest|take the longest|taking the longest|longest',
  quickest: 'fast|fastest|quickest|speediest|shortest',
  busy: 'busy|busiest|peak|quietest|quiet|hectic|crowded|rush|rush hour|heaving',
  reliable: 'reliable|unreliable|punctual|dependable',
} as const satisfies Record<string, string>;
export type Atom = keyof typeof ATOMS;

export const DIMENSION_WORDS: Record<DimensionName, string> = {
  product: 'product|item|sku|article|good|merchandise|what product',
  category:
    'category|category by category|department|product group|product type|product category|product line|type of product|kind of product|assortment|range|section|department|aisle',
  brand: 'brand|label|make of product|manufacturer|maker',
  customer: 'customer|client|buyer|shopper|customer id|spender',
  segment: 'segment|customer segment|customer group|tier|customer tier|customer class',
  city: 'city|town',
  country: 'country|nation|market|geography',
  channel: 'channel|sales channel|platform|sale channel|touchpoint',
  order_status: 'status|order status|order state|stage',
  payment_method:
    'payment method|method|payment type|method of payment|payment option|way to pay|way of paying|means of payment|pay method|payment mean|paying method|pay by|how people pay|how customer pay|paid by what',
  failure_code:
    'failure code|failure reason|decline reason|decline code|error code|reason for failed payment|reason for payment failure|reason for failure|reason for decline|reason payment fail|reason payment failed|cause of failure|payment failure reason|payment error|failure cause|reason|code',
  refund_reason:
    'refund reason|return reason|reason for refund|reason for return|reason for returning|reason|cause of return|cause of refund|reason people return|why people return|why are people returning|why customer return',
  carrier:
    'carrier|courier|shipping company|delivery company|shipper|delivery service|shipping provider|logistics company|shipping partner|delivery partner|shipping carrier',
  warehouse: 'warehouse|depot|fulfilment center|fulfillment center|distribution center|stock location|storage location',
  coupon: 'coupon|coupon code|promo code|discount code|voucher|voucher code|promo|promotion|promotion code|code',
  customer_type:
    'customer type|type of customer|kind of customer|new and returning customer|new vs returning|new or returning|new versus returning|new and returning|returning vs new|returning and new|new vs returning customer|new versus returning customer|returning versus new|first time vs repeat|new vs repeat|new vs existing|new and existing customer',
  currency: 'currency',
  order: 'order',
  shipment: 'shipment|parcel|package',
  day: 'day|daily|date|calendar day|a day|day by day|day after day|from day to day|day to day',
  week: 'week|weekly|a week|week by week|week after week|from week to week|week to week',
  month: 'month|monthly|calendar month|a month|month by month|month after month|from month to month|month to month',
  quarter: 'quarter|quarterly|a quarter|quarter by quarter',
  year: 'year|yearly|annual|annually|a year|year by year',
  hour_of_day: 'hour|hour of the day|hour of day|time of day|time of the day|hourly|hour a day|time of day',
  weekday: 'weekday|day of the week|day of week|week day|weekly pattern',
};
