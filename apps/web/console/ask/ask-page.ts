import type { Answer, Declined } from '../../api/questions.ts';
import { html, when } from '../../html/html.ts';
import type { PageContent } from '../../html/layout.ts';
import { notice } from '../../html/notice.ts';
import { columns, isSeries, measured } from './answer-chart.ts';
import { heading, single, table } from './answer-table.ts';
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
    () =>
      html`<section><h2>${title}</h2><ul class="choices" role="list">!${questions.map((one) => choice(one, plan))}</ul></section>`,
  );

const READ_BY: Record<Answer['by'], string> = {
  planner: "Read by the shop's rules.",
  model: 'Read with a language model.',
};

const remarks = (lines: readonly string[]): string =>
  when(
    lines.length > 0,
    () => html`<ul class="remarks muted small" role="list">!${lines.map((one) => html`<li>${one}</li>`)}</ul>`,
  );

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
  const rowsMore = more === 1 ? '1 more row' : `${cellText(more, 'count', 'UTC')} more rows`;
  return when(more > 0, () => html`<p class="muted small">${rowsMore}</p>`);
}

function shownRows(answer: Answer): string {
  if (answer.rows.length === 0) return '<p>No rows.</p>';
  if (answer.total_rows === 1 && answer.columns.length === 1) return single(answer);
  return [chart(answer), table(answer), cut(answer)].join('');
}

function answered(answer: Answer): string {
  const said = [READ_BY[answer.by], ...answer.assumptions.map((one) => `Assumed: ${one}`), ...answer.notes];
  return html`<section class="part part-answer"><h2 class="muted small">Understood</h2><p class="understood">${answer.understood}</p>
!${remarks(said)}
!${shownRows(answer)}
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
  return { frame: 'staff', address: '/console/ask', styles: ['console.css'], title, main, isPrivate: true };
}
