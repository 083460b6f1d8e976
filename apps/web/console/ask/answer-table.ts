import { UUID_PATTERN } from '../../../../lib/domain/ids.ts';
import type { Answer, Cell } from '../../api/questions.ts';
import { html, when } from '../../html/html.ts';
import { shortId } from '../../shop/orders/order-words.ts';
import { isSeries, measured, shareBar } from './answer-chart.ts';
import { cellText } from './cells.ts';

const ORDER_ID = new RegExp(UUID_PATTERN);

/** A column's name in words. */
export const heading = (name: string): string => name.replaceAll('_', ' ');

/** Numbers stand below each other by their ends; moments are as wide as each other, and stay in one line. */
function classOf({ kinds, units }: Answer, at: number): string {
  if (units[at] === 'timestamp') return 'moment';
  return kinds[at] !== 'dimension' && units[at] !== 'text' ? 'number' : '';
}

/** An order is named as everywhere on these pages, and leads to its own. */
function cellBody(answer: Answer, value: Cell, at: number): string {
  if (answer.columns[at] === 'order' && typeof value === 'string' && ORDER_ID.test(value)) {
    return html`<a href="/orders/${value}"><code>${shortId(value)}</code></a>`;
  }
  return html`${cellText(value, answer.units[at]!, answer.window.timezone)}`;
}

/** The rows, with bars for the first amount unless a chart shows it. */
export function table(answer: Answer): string {
  const measure = isSeries(answer) ? undefined : measured(answer);
  const cell = (row: Answer['rows'][number], at: number) =>
    html`<td class="${classOf(answer, at)}">!${cellBody(answer, row[at] ?? null, at)}</td>`;
  const bar = (row: Answer['rows'][number]) =>
    when(
      measure,
      () => html`<td class="share-cell">!${shareBar(Number(row[measure!.at] ?? 0), measure!.greatest)}</td>`,
    );
  const head = answer.columns.map(
    (name, at) => html`<th scope="col" class="${classOf(answer, at)}">${heading(name)}</th>`,
  );
  const body = answer.rows.map((row) => html`<tr>!${answer.columns.map((_, at) => cell(row, at))}!${bar(row)}</tr>`);
  return html`<div class="rows" tabindex="0" role="region" aria-label="Rows"><table><thead><tr>!${head}!${when(measure, () => '<td></td>')}</tr></thead><tbody>!${body}</tbody></table></div>`;
}

/** A single amount needs no table: "49 orders". */
export const single = (answer: Answer): string =>
  html`<p class="single"><span class="big">!${cellBody(answer, answer.rows[0]![0] ?? null, 0)}</span> ${heading(answer.columns[0]!).replace(/ count$/, '')}</p>`;
