import { PARCEL_STATES, type ParcelState } from '../../../../lib/domain/parcel-machine.ts';
import { cameThrough, FINAL, type Invariant, orderName } from './invariant.ts';

const paymentName = `CONCAT('payment ', p.attempt, ' of order_seq ', p.order_seq)`;

const amounts = `CONCAT(p.status, ', authorised ', p.authorized_minor, ', captured ', p.captured_minor, ', to refund ',
  p.refund_wanted_minor, ', refunded ', p.refunded_minor)`;

/** What the state of a payment says about its amounts. A charge-back leaves them as they were. */
const STATE_FITS = `CASE p.status
  WHEN 'authorized' THEN p.authorized_minor = p.amount_minor AND p.captured_minor = 0
  WHEN 'capturing' THEN p.authorized_minor = p.amount_minor AND p.captured_minor = 0
  WHEN 'captured' THEN p.captured_minor = p.amount_minor AND p.refunded_minor = 0
  WHEN 'partially_refunded' THEN p.refunded_minor > 0 AND p.refunded_minor < p.captured_minor
  WHEN 'refunded' THEN p.refunded_minor = p.captured_minor
  WHEN 'charged_back' THEN p.captured_minor > 0
  ELSE p.captured_minor = 0 END`;

const REFUND_SUMS = `SELECT order_seq, attempt, SUM(amount_minor) AS wanted,
  SUM(IF(status = 'refunded', amount_minor, 0)) AS refunded FROM refunds WHERE status <> 'refused' GROUP BY order_seq, attempt`;

/** What the customer paid and has not got back; sums, because columns without a sign cannot go below zero. What the bank took back is not ours either. */
const KEPT = `(SELECT COALESCE(SUM(p.captured_minor) - SUM(p.refunded_minor), 0) FROM payments p
  WHERE p.order_seq = o.order_seq AND p.status <> 'charged_back')`;

const CHARGED_BACK = `EXISTS (SELECT 1 FROM payments p WHERE p.order_seq = o.order_seq AND p.status = 'charged_back')`;

/** Value of the units lost or received back, by the rule of refunds: cumulative, rounded down to a minor unit. */
const GONE = `(SELECT COALESCE(SUM((CAST(i.quantity * i.unit_minor + i.tax_minor AS SIGNED) - CAST(i.discount_minor AS SIGNED))
    * (i.lost_quantity + i.returned_quantity) DIV i.quantity), 0)
  FROM order_items i WHERE i.order_seq = o.order_seq AND i.quantity > 0)`;

/** Given back beside any return or loss; what comes back after it is worth no more than what is left. */
const GOODWILL = `(SELECT COALESCE(SUM(f.amount_minor), 0) FROM refunds f
  WHERE f.order_seq = o.order_seq AND f.reason IN ('goodwill', 'late_delivery', 'price_error', 'other'))`;

const onTheRoad: readonly ParcelState[] = PARCEL_STATES.slice(
  PARCEL_STATES.indexOf('picked_up'),
  PARCEL_STATES.indexOf('voided'),
);

/** Seeded history has payments without amounts and no ledger: all but M0 and M1 are about orders of the pipeline. */
export const MONEY_INVARIANTS: readonly Invariant[] = [
  {
    name: 'M0',
    sentence: 'an order that was taken has lines',
    sql: `SELECT ${orderName('o')} AS offender, 'has no lines' AS detail
            FROM orders o LEFT JOIN order_items i ON i.order_seq = o.order_seq AND i.line_no = 1
           WHERE i.order_seq IS NULL AND o.status <> 'rejected'`,
  },
  {
    name: 'M1',
    sentence: 'the amounts of an order are the sums of its lines, and its total follows from them',
    sql: `
      SELECT CONCAT('order ', LOWER(HEX(MAX(o.order_id)))) AS offender,
             CONCAT('total ', MAX(o.total_minor), ', lines ', COALESCE(SUM(i.quantity * i.unit_minor), 0), ' - ',
                    COALESCE(SUM(i.discount_minor), 0), ' + tax ', COALESCE(SUM(i.tax_minor), 0),
                    ' + shipping ', MAX(o.shipping_minor)) AS detail
        FROM orders o STRAIGHT_JOIN order_items i ON i.order_seq = o.order_seq
       WHERE o.status <> 'rejected'
       GROUP BY o.order_seq
      HAVING SUM(i.quantity * i.unit_minor) <> MAX(o.subtotal_minor)
          OR SUM(i.discount_minor) <> MAX(o.discount_minor)
          OR SUM(i.tax_minor) <> MAX(o.tax_minor)
          OR MAX(o.total_minor) + MAX(o.discount_minor)
             <> MAX(o.subtotal_minor) + MAX(o.tax_minor) + MAX(o.shipping_minor)`,
  },
  {
    name: 'M2',
    sentence: 'no payment is captured beyond what was authorised, or refunded beyond what was captured and is owed',
    sql: `
      SELECT ${paymentName} AS offender, ${amounts} AS detail
        FROM payments p
       WHERE ${cameThrough('p')}
         AND (p.amount_minor < p.captured_minor OR p.authorized_minor < p.captured_minor
           OR p.captured_minor < p.refund_wanted_minor OR p.refund_wanted_minor < p.refunded_minor
           OR NOT (${STATE_FITS}))
       UNION ALL
      SELECT ${paymentName}, CONCAT(${amounts}, '; its refunds say ', COALESCE(f.wanted, 0), ' and ', COALESCE(f.refunded, 0))
        FROM payments p LEFT JOIN (${REFUND_SUMS}) f ON f.order_seq = p.order_seq AND f.attempt = p.attempt
       WHERE ${cameThrough('p')}
         AND (p.refund_wanted_minor <> COALESCE(f.wanted, 0) OR p.refunded_minor <> COALESCE(f.refunded, 0))
         AND p.refund_wanted_minor >= p.refunded_minor AND ${STATE_FITS}`,
  },
  {
    name: 'M3',
    sentence: 'what was kept is the value of what the customer kept',
    sql: `
      SELECT offender, CONCAT(status, ', kept ', kept, ', due ', due) AS detail
        FROM (SELECT ${orderName('o')} AS offender, o.status, ${KEPT} AS kept,
                     IF(o.status = 'completed', GREATEST(0, CAST(o.total_minor AS SIGNED) - ${GONE} - ${GOODWILL}), 0) AS due
                FROM orders o
               WHERE o.status IN (${FINAL}) AND ${cameThrough('o')} AND NOT ${CHARGED_BACK}) sums
       WHERE kept <> due`,
  },
  {
    name: 'M4',
    sentence: 'an order that is over has no payment open',
    sql: `SELECT ${orderName('o')} AS offender, CONCAT(o.status, ', payment ', p.attempt, ' is ', p.status) AS detail
            FROM payments p JOIN orders o ON o.order_seq = p.order_seq
           WHERE p.status IN ('authorizing', 'requires_action', 'authorized', 'capturing', 'voiding')
             AND o.status IN (${FINAL})`,
  },
  {
    name: 'M5',
    sentence: 'the ledger is balanced, and says what the payments say',
    sql: `
      SELECT CONCAT(txn, ' of order_seq ', order_seq) AS offender,
             CONCAT('debit ', SUM(debit_minor), ', credit ', SUM(credit_minor)) AS detail
        FROM ledger_entries GROUP BY order_seq, txn HAVING SUM(debit_minor) <> SUM(credit_minor)
       UNION ALL
      SELECT offender, CONCAT('booked ', got, ' and ', given, ', payments say ', captured, ' and ', refunded)
        FROM (SELECT ${orderName('o')} AS offender,
                     (SELECT COALESCE(SUM(credit_minor), 0) FROM ledger_entries l
                       WHERE l.order_seq = o.order_seq AND l.account = 'sales') AS got,
                     (SELECT COALESCE(SUM(debit_minor), 0) FROM ledger_entries l
                       WHERE l.order_seq = o.order_seq AND l.account = 'refunds') AS given,
                     (SELECT COALESCE(SUM(captured_minor), 0) FROM payments p WHERE p.order_seq = o.order_seq) AS captured,
                     (SELECT COALESCE(SUM(refunded_minor), 0) FROM payments p WHERE p.order_seq = o.order_seq) AS refunded
                FROM orders o WHERE ${cameThrough('o')}) sums
       WHERE got <> captured OR given <> refunded`,
  },
  {
    name: 'M7',
    sentence: 'nothing is handed to a carrier before it is paid for',
    sql: `
      SELECT CONCAT('parcel ', s.parcel_no, ' of order_seq ', s.order_seq) AS offender,
             CONCAT(s.status, ', handed over at ', COALESCE(s.shipped_at, '(unknown)'), ', ',
               COALESCE(CONCAT('captured at ', (SELECT MIN(l.booked_at) FROM ledger_entries l
                 WHERE l.order_seq = s.order_seq AND l.account = 'sales')), 'nothing captured')) AS detail
        FROM shipments s JOIN orders o ON o.order_seq = s.order_seq
       WHERE ${cameThrough('s')} AND o.total_minor > 0
         AND (s.shipped_at IS NOT NULL OR s.status IN (${onTheRoad.map((state) => `'${state}'`).join(', ')}))
         AND NOT EXISTS (SELECT 1 FROM ledger_entries l
           WHERE l.order_seq = s.order_seq AND l.account = 'sales' AND l.booked_at <= COALESCE(s.shipped_at, l.booked_at))`,
  },
];
