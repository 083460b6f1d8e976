import type { Answer, Declined } from '../../api/questions.ts';
import { html, when } from '../../html/html.ts';
import type { PageContent } from '../../html/layout.ts';
import { notice } from '../../html/notice.ts';
import { columns, isSeries, measured, shareBar } from './answer-chart.ts';
import { askForm } from './ask-form.ts';
import { cellText } from './cells.ts';
import { tokenOf } from './plan-token.ts';

const EXAMPLES = ['revenue by category last month', 'top 10 products last week', 'orders per day this month'];

const LEADS: Record<Declined['status'], string> = {
  clarify: 'Not sure what is meant',
  refuse_write: 'Questions change nothing',
  refuse_pii: 'Nothing about single people',
  refuse_unsafe: 'That is no question',
  out_of_scope: 'Not in the data',
};

function choice(question: string, plan?: string): string {
  const address = new URLSearchParams({ q: question, ...(plan && { plan }) });
  return html`<li><a href="/console/ask?${address.toString()}">${question}</a></li>`;
}

const choices = (title: string, questions: readonly string[], plan?: string): string =>
  when(
    questions.length > 0,
    () => html`<h2>${title}</h2><ul class="choices" role="list">!${questions.map((one) => choice(one, plan))}</ul>`,
  );

const READ_BY: Record<Answer['by'], string> = {
  planner: "Read by the shop's rules.",
  model: 'Read with a language model.',
};

const remarks = (lines: readonly string[]): string =>
  when(lines.length > 0, () => html`<ul class="muted small">!${lines.map((one) => html`<li>${one}</li>`)}</ul>`);

const heading = (name: string): string => name.replaceAll('_', ' ');

const isNumber = ({ kinds, units }: Answer, at: number) => kinds[at] !== 'dimension' && units[at] !== 'text';

function table(answer: Answer): string {
  const zone = answer.window.timezone;
  const measure = isSeries(answer) ? undefined : measured(answer);
  const cell = (row: Answer['rows'][number], at: number) =>
    html`<td class="${isNumber(answer, at) ? 'number' : ''}">${cellText(row[at] ?? null, answer.units[at]!, zone)}</td>`;
  const bar = (row: Answer['rows'][number]) =>
    when(
      measure,
      () => html`<td class="share-cell">!${shareBar(Number(row[measure!.at] ?? 0), measure!.greatest)}</td>`,
    );
  const head = answer.columns.map(
    (name, at) => html`<th scope="col" class="${isNumber(answer, at) ? 'number' : ''}">${heading(name)}</th>`,
  );
  const body = answer.rows.map((row) => html`<tr>!${answer.columns.map((_, at) => cell(row, at))}!${bar(row)}</tr>`);
  return html`<div class="rows" tabindex="0" role="region" aria-label="Rows"><table><thead><tr>!${head}!${when(measure, () => '<td></td>')}</tr></thead><tbody>!${body}</tbody></table></div>`;
}

function chart(answer: Answer): string {
  const measure = isSeries(answer) ? measured(answer) : undefined;
  if (!measure) return '';
  const zone = answer.window.timezone;
  const unit = answer.units[measure.at]!;
  const label = (at: number) => cellText(answer.rows.at(at)![0] ?? null, answer.units[0]!, zone);
  const top = cellText(measure.greatest, unit, zone);
  const said = `${heading(answer.columns[measure.at]!)} from ${label(0)} to ${label(-1)}, at most ${top}`;
  return columns(measure, said, top, [label(0), label(-1)]);
}

function cut({ rows, total_rows }: Answer): string {
  const more = total_rows - rows.length;
  return when(more > 0, () => html`<p class="muted small">${more} more ${more === 1 ? 'row' : 'rows'}</p>`);
}

function answered(answer: Answer): string {
  const said = [READ_BY[answer.by], ...answer.assumptions.map((one) => `Assumed: ${one}`), ...answer.notes];
  return html`<section class="part part-answer"><h2>Understood</h2><p class="understood">${answer.understood}</p>
!${remarks(said)}
!${answer.rows.length > 0 ? [chart(answer), table(answer), cut(answer)].join('') : '<p>No rows.</p>'}
!${when(answer.sql, () => html`<details><summary>SQL</summary><pre tabindex="0"><code>${answer.sql}</code></pre></details>`)}</section>
!${choices('Next', answer.follow_ups, tokenOf(answer.plan))}`;
}

const declined = ({ status, message, choices: questions, notes = [] }: Declined): string =>
  html`<section class="part part-answer"><h2>${LEADS[status]}</h2><p>${message}</p>!${remarks(notes)}</section>!${choices('Ask instead', questions)}`;

/** What the page is made for; `trouble` is why there is no answer. */
export interface AskState {
  question: string;
  reply?: Answer | Declined | undefined;
  trouble?: string | undefined;
}

function outcome({ reply, trouble }: AskState): string {
  if (trouble !== undefined) return notice('warning', trouble);
  if (!reply) return choices('For example', EXAMPLES);
  return reply.status === 'answer' ? answered(reply) : declined(reply);
}

/** GET /console/ask: a question, and what came of it. */
export function askPage(state: AskState): PageContent {
  const { question, reply } = state;
  const plan = reply?.status === 'answer' ? tokenOf(reply.plan) : undefined;
  const main = html`<h1>Questions</h1>!${askForm({ question, plan })}
<div class="asked">!${outcome(state)}</div>!${when(plan, () => html`<p class="small"><a href="/console/ask">Begin anew</a>: a question like “and by brand?” continues the one before.</p>`)}`;
  const title = question === '' ? 'Questions' : question;
  return { frame: 'staff', styles: ['console.css'], title, main, isPrivate: true };
}
