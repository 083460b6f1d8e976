import { formatMinor } from '../../../lib/domain/money.ts';
import { formatDuration } from '../../ui/format.ts';
import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { OrderStory } from './result.ts';
import { reasonWords } from './words.ts';

type Look = Pick<Terminal, 'style' | 'width'>;
type Money = (amount: number) => string;

/** Wide enough for most amounts, so that they stand below each other. */
const AMOUNT_WIDTH = 10;

const GOOD = new Set(['delivered', 'completed']);
const BAD = new Set(['rejected', 'cancelled', 'returned']);

const clock = (time: string): string => time.slice(11, 19);
const moment = (time: string): string => `${time.slice(0, 10)} ${clock(time)}`;
const inWords = (code: string): string => code.replaceAll('_', ' ');
const orDash = (value: string | null): string => value ?? '-';

const unitsOf = (count: number): string => `${count} ${count === 1 ? 'unit' : 'units'}`;

/** Why an order was not simply let through. */
const suspicion = ({ decision, reasons }: NonNullable<OrderStory['fraud']>): string =>
  decision === 'allow' || reasons === '' ? '' : ` (${inWords(reasons).replaceAll(',', ', ')})`;

function header(story: OrderStory, money: Money, { style }: Look): string[] {
  const colour = GOOD.has(story.status) ? 'green' : BAD.has(story.status) ? 'red' : 'yellow';
  const reason = story.reason_code ? `: ${reasonWords(story.reason_code)}` : '';
  const due = story.due_at ? `, waits until ${moment(story.due_at)} at most` : '';
  const fraud = story.fraud ? ` · fraud score ${story.fraud.score.toFixed(2)}${suspicion(story.fraud)}` : '';
  return [
    `Order ${story.order_id}  ${style(colour, story.status_words)}${reason}`,
    `${money(story.total_minor)} by ${story.payment_method} · ${story.shipping_method} to ${story.ship_to} · customer ${story.customer}${fraud}`,
    `placed ${moment(story.placed_at)} UTC (${story.channel}) · ${story.status} since ${moment(story.status_since)}${due}`,
  ];
}

const sum = (lines: OrderStory['lines'], of: 'shipped' | 'lost' | 'returned') =>
  lines.reduce((total, line) => total + line[of], 0);

function linesOf({ lines, ...story }: OrderStory, money: Money, width: number): string[] {
  const columns: Column<OrderStory['lines'][number]>[] = [
    { title: 'line', value: ({ line }) => String(line), align: 'right' },
    { title: 'sku', value: ({ sku }) => sku },
    { title: 'product', value: ({ name }) => name },
    { title: 'units', value: ({ quantity }) => String(quantity), align: 'right' },
    { title: 'each', value: ({ unit_minor }) => money(unit_minor), align: 'right' },
    { title: 'tax', value: ({ tax_minor }) => money(tax_minor), align: 'right' },
  ];
  // What did not happen to any line is left out.
  for (const what of ['shipped', 'lost', 'returned'] as const) {
    if (sum(lines, what) > 0) columns.push({ title: what, value: (line) => String(line[what]), align: 'right' });
  }
  const parts = [`goods ${money(story.subtotal_minor)}`];
  if (story.discount_minor > 0) parts.push(`discount -${money(story.discount_minor)}`);
  parts.push(`tax ${money(story.tax_minor)}`, `shipping ${money(story.shipping_minor)}`);
  return [renderTable(lines, columns, width), `${parts.join(' · ')} · total ${money(story.total_minor)}`];
}

/** The day is said once, then the time alone; what came late, early or in vain says so. */
function timeline({ timeline: entries }: OrderStory, money: Money, { style }: Look): string[] {
  let day = '';
  return entries.flatMap(({ at, after_ms, actor, text, amount_minor, status, verdict }, index) => {
    const today = at.slice(0, 10);
    const heading = today === day ? [] : [style('dim', today)];
    day = today;
    const after = index === 0 || after_ms < 1 ? '' : `+${formatDuration(after_ms)}`;
    const sum = amount_minor === null ? '' : `: ${money(amount_minor)}`;
    const by = actor ? ` (${actor})` : '';
    const led = status ? `  → ${style('bold', status)}` : '';
    const fate = verdict ? `  ${style('yellow', `[${verdict}]`)}` : '';
    return [...heading, `  ${clock(at)}  ${after.padStart(11)}  ${text}${sum}${by}${led}${fate}`];
  });
}

function moneyOf(story: OrderStory, money: Money): string[] {
  const payments = story.payments.map((payment) => {
    const { attempt, method, status, amount_minor, captured_minor, refunded_minor, failure_code } = payment;
    const failure = failure_code ? ` (${inWords(failure_code)})` : '';
    const taken = captured_minor > 0 ? `, taken ${money(captured_minor)}` : '';
    const back = refunded_minor > 0 ? `, given back ${money(refunded_minor)}` : '';
    return `attempt ${attempt} by ${method}: ${inWords(status)}${failure}, ${money(amount_minor)}${taken}${back}`;
  });
  const refunds = story.refunds.map(
    ({ refund_no, amount_minor, reason, status }) =>
      `refund ${refund_no} of ${money(amount_minor)}: ${inWords(status)} (${inWords(reason)})`,
  );
  const ledger = story.ledger.map(({ at, txn, account, debit_minor, credit_minor }) => {
    const side = debit_minor > 0 ? 'debit ' : 'credit';
    const amount = money(debit_minor || credit_minor).padStart(AMOUNT_WIDTH);
    return `ledger ${clock(at)}  ${account.padEnd(11)} ${side} ${amount}  ${txn.replace(`${story.order_id}:`, '')}`;
  });
  return payments.length > 0 ? [...payments, ...refunds, ...ledger] : ['no payment has been asked for'];
}

/** How a promise was kept: before or after it, by how much. */
function kept(promised: string | null, delivered: string | null): string {
  if (!promised || !delivered) return '';
  const late = Date.parse(delivered) - Date.parse(promised);
  return late > 0 ? ` (${formatDuration(late)} late)` : ` (${formatDuration(-late)} early)`;
}

const parcels = ({ parcels: all }: OrderStory): string[] =>
  all.map((parcel) => {
    const { parcel_no, status, carrier, tracking_no, warehouse, units, promised_at, delivered_at, shipped_at } = parcel;
    const what = `parcel ${parcel_no} from ${warehouse || '?'} with ${unitsOf(units)}: ${inWords(status)}`;
    const how = `${carrier} ${orDash(tracking_no)}`;
    const left = shipped_at ? `, left ${moment(shipped_at)}` : '';
    const promise = promised_at ? `, promised ${moment(promised_at)}` : '';
    const came = delivered_at ? `, delivered ${moment(delivered_at)}${kept(promised_at, delivered_at)}` : '';
    return `${what}, ${how}${left}${promise}${came}`;
  });

const returns = ({ returns: all }: OrderStory, money: Money): string[] =>
  all.map(({ return_no, return_id, status, reason, lines, refund_minor }) => {
    const units = lines.map(({ line, quantity, received }) => `${received} of ${quantity} of line ${line}`).join(', ');
    const worth = refund_minor > 0 ? `, worth ${money(refund_minor)}` : '';
    return `return ${return_no} (${return_id}): ${inWords(status)}, ${inWords(reason)}; received ${units}${worth}`;
  });

function possible({ actions, order_id, lines }: OrderStory, money: Money): string[] {
  const calls: string[] = [];
  if (actions.cancel.allowed) calls.push(`oms order cancel ${order_id}`);
  if (actions.return.allowed) {
    const units = actions.return.lines.map(({ line, quantity }) => `--line ${line}=${quantity}`).join(' ');
    calls.push(`oms order return ${order_id} ${units}`);
  }
  if (actions.refund.allowed)
    calls.push(`oms order refund ${order_id} --amount ... (up to ${money(actions.refund.up_to_minor)})`);
  if (actions.amend.allowed) calls.push(`the customer can take less of the ${lines.length} lines`);
  if (actions.payment_method.allowed) calls.push('the customer can choose another way to pay');
  if (actions.mfa.allowed) calls.push('the customer can confirm the payment');
  if (actions.review.allowed) calls.push('a person can approve or reject it');
  return calls.length > 0 ? calls : ['nothing: the order is over'];
}

const messages = ({ notifications }: OrderStory): string[] =>
  notifications.map(({ at, template }) => `${clock(at)}  ${inWords(template)}`);

const documents = ({ documents: all }: OrderStory): string[] =>
  all.map(({ kind, no, blob_key }) => `${kind.replaceAll('_', ' ')} ${no}: ${blob_key ?? 'not made yet'}`);

/** An order as a story: who and what, line by line, what happened, the money, the parcels, and what can still be done. */
export function renderStory(story: OrderStory, look: Look): string {
  const money: Money = (amount) => formatMinor(amount, story.currency);
  const sections: [title: string, lines: string[]][] = [
    ['Lines', linesOf(story, money, look.width)],
    ['What happened', timeline(story, money, look)],
    ['Money', moneyOf(story, money)],
    ['Parcels', parcels(story)],
    ['Returns', returns(story, money)],
    ['Waiting for', story.waiting.map(({ request, due_at }) => `${request}, asked again at ${moment(due_at)}`)],
    ['Told the customer', messages(story)],
    ['Documents', documents(story)],
    ['What can be done', possible(story, money)],
  ];
  const told = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [look.style('underline', title), ...lines].join('\n'));
  return [header(story, money, look).join('\n'), ...told].join('\n\n');
}
