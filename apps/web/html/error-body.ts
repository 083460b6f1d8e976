import { html } from './html.ts';

/** The inside of an error page. */
export const errorBody = ({ title, advice, traceId }: { title: string; advice: string; traceId: string }): string =>
  html`<div class="message">
<h1>${title}</h1>
<p>${advice}</p>
<p><a class="button" href="/">To the shop</a></p>
<p class="small">Number of this request: <code>${traceId}</code></p>
</div>`;
