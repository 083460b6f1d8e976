import { formatMinor } from '../../../lib/domain/money.ts';
import { formatCount } from '../../ui/format.ts';
import { renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { EvalResult } from './eval.ts';
import type { InReview, ListResult } from './list.ts';
import type { ReviewResult } from './review.ts';
import type { TrainResult } from './train.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const scoreText = (score: number): string => score.toFixed(3);

/** What was trained and where it is. */
export function trainReport({ file, model }: TrainResult): string {
  const { orders, frauds, seeds } = model.trained;
  return [
    `${model.version}, trained on ${formatCount(orders)} orders, ${formatCount(frauds)} of them fraud (seeds ${seeds.join(', ')})`,
    `review from ${scoreText(model.thresholds.review)} on, block from ${scoreText(model.thresholds.block)} on`,
    file,
    'next  oms fraud eval --model FILE, then OMS_RISK_MODEL=FILE for the consumer',
  ].join('\n');
}

function confusionTable({ confusion }: EvalResult, width: number): string {
  const rows = [
    { truth: 'fraud', ...confusion.fraud },
    { truth: 'honest', ...confusion.honest },
  ];
  const count = (key: 'allow' | 'review' | 'block') => ({
    title: key,
    value: (row: (typeof rows)[number]) => formatCount(row[key]),
    align: 'right' as const,
  });
  return renderTable(
    rows,
    [{ title: 'truth', value: (row) => row.truth }, count('allow'), count('review'), count('block')],
    width,
  );
}

const patternTable = ({ by_pattern }: EvalResult, width: number): string =>
  renderTable(
    by_pattern,
    [
      { title: 'pattern', value: (row) => row.pattern },
      { title: 'orders', value: (row) => formatCount(row.orders), align: 'right' },
      { title: 'caught', value: (row) => formatCount(row.caught), align: 'right' },
      { title: 'recall', value: (row) => percent(row.recall), align: 'right' },
    ],
    width,
  );

/** Precision and recall first, then what they are made of. */
export function evalReport(result: EvalResult, { style, width }: Terminal): string {
  const { thresholds } = result;
  return [
    style('bold', `precision ${percent(result.precision)}, recall ${percent(result.recall)}`),
    `${result.model} on ${formatCount(result.orders)} orders it has not seen (seeds ${result.seeds.join(', ')}), ${formatCount(result.frauds)} of them fraud`,
    `review from ${scoreText(thresholds.review)} on, block from ${scoreText(thresholds.block)} on (blocked rightly: ${percent(result.block_precision)}); ${result.decision_us.toFixed(1)} us a decision`,
    '',
    confusionTable(result, width),
    '',
    patternTable(result, width),
  ].join('\n');
}

const minutes = (date: Date | null): string => (date ? date.toISOString().slice(0, 16).replace('T', ' ') : '');

/** A line an order, the most urgent first; times are UTC. */
export function listReport({ total, orders }: ListResult, { width }: Terminal): string {
  if (orders.length === 0) return 'no order waits for review';
  const table = renderTable<InReview>(
    orders,
    [
      { title: 'order', value: (order) => order.order_id },
      { title: 'total', value: (order) => formatMinor(order.total_minor, order.currency), align: 'right' },
      { title: 'score', value: (order) => (order.score === null ? '' : order.score.toFixed(3)), align: 'right' },
      { title: 'decide until', value: (order) => minutes(order.due_at) },
      { title: 'reasons', value: (order) => order.reasons.join(', ') },
    ],
    width,
  );
  const more = total > orders.length ? [`${formatCount(total - orders.length)} more: oms fraud list --limit N`] : [];
  return [table, '', ...more, 'next  oms fraud approve ORDER or oms fraud reject ORDER'].join('\n');
}

/** A line an order. */
export const reviewReport = ({ decision, orders }: ReviewResult): string =>
  orders
    .map(({ order_id, result, detail }) => `${order_id}  ${result === 'accepted' ? decision : `refused: ${detail}`}`)
    .join('\n');
