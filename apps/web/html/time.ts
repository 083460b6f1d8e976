import { html } from './html.ts';

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  timeZone: 'UTC',
});
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });

/** "21 Nov 2026, 12:03 UTC", readable by programs as well; a script says it in the reader's own time zone. */
export const time = (iso: string): string =>
  html`<time datetime="${iso}" data-moment>${FORMAT.format(new Date(iso))} UTC</time>`;

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});

/** "12:03:05", UTC. */
export const clock = (iso: string): string => html`<time datetime="${iso}">${CLOCK.format(new Date(iso))}</time>`;

/** "Saturday 21 November". */
export const day = (iso: string): string => html`<time datetime="${iso}">${DAY.format(new Date(iso))}</time>`;
