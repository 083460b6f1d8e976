import { html } from './html.ts';
import { icon } from './icons.ts';

/** One sentence above what it is about; read out when it comes up. */
export const notice = (kind: 'good' | 'warning', text: string): string =>
  html`<p class="notice ${kind}" role="status">!${icon(kind === 'good' ? 'check' : 'alert')}<span>${text}</span></p>`;
