import { html, when } from '../../html/html.ts';

/** Longer than anybody asks; the order API takes 2,000. */
export const MAX_QUESTION = 500;

interface Asked {
  question?: string;
  /** The answer that a further question continues. */
  plan?: string | undefined;
}

/** Where a question is typed. It changes nothing, so its address is the question. */
export const askForm = ({ question = '', plan }: Asked): string =>
  html`<form class="ask" action="/console/ask" role="search">
<label for="question">Ask about orders, customers, payments, parcels and stock</label>
<div class="ask-row"><input id="question" type="search" name="q" value="${question}" maxlength="${MAX_QUESTION}" placeholder="revenue by category last month" autocomplete="off">
!${when(plan, () => html`<input type="hidden" name="plan" value="${plan}">`)}
<button type="submit">Ask</button></div>
</form>`;
