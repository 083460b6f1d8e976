import type { Board, Letter } from '../api/staff.ts';
import { html } from '../html/html.ts';
import type { PageContent } from '../html/layout.ts';
import { clock } from '../html/time.ts';
import { askForm } from './ask/ask-form.ts';
import { figures, newest, rates, statuses, verdict } from './flow-parts.ts';
import { deadLetters, partitions } from './queue-parts.ts';
import { findingsOf } from './verdict.ts';

/** Without scripts. */
const REFRESH_SECONDS = 5;

/** Pieces of the page that change by themselves, each in a place of its own. */
const PARTS = ['verdict', 'figures', 'rates', 'newest', 'statuses', 'partitions', 'letters'] as const;
export type ConsoleParts = Partial<Record<(typeof PARTS)[number], string>>;

/** The page's pieces, the same for the page and for what is put in later. @param letters undefined while not known */
export function partsOf(board: Board, letters: readonly Letter[] | undefined): ConsoleParts {
  return {
    verdict: verdict(board),
    figures: figures(board),
    rates: rates(board),
    newest: newest(board),
    statuses: statuses(board),
    partitions: partitions(board),
    ...(letters && { letters: deadLetters(board.dead_letters.open, letters) }),
  };
}

/** Of the tab. */
export const titleOf = (board: Board): string => findingsOf(board)[0].title;

/** When that was, in words. */
export const asOf = (at: string): string => html`As of !${clock(at)} UTC`;

const AWAY = html`<div class="verdict bad"><div><h1>The order API does not answer</h1>
<p>This page goes on by itself as soon as it does. Until then: <code>oms status</code> and <code>oms logs producer</code>.</p></div></div>`;

function frame(title: string, parts: ConsoleParts, pulse: string): PageContent {
  const place = (name: keyof ConsoleParts): string =>
    html`<section class="part part-${name}" data-part="${name}">!${parts[name] ?? ''}</section>`;
  // Without scripts the page is loaded anew while somebody types: they follow the link above.
  const main = html`<div data-scripted hidden>!${askForm({})}</div>
<p class="pulse small muted" data-pulse>!${pulse}</p>
<div class="console">!${PARTS.map(place)}</div>`;
  const look = { frame: 'staff', address: '/console', styles: ['console.css'], scripts: ['console.js'] } as const;
  return { ...look, title, main, isPrivate: true, refreshSeconds: REFRESH_SECONDS };
}

export const consolePage = (board: Board, letters: readonly Letter[]): PageContent =>
  frame(titleOf(board), partsOf(board, letters), asOf(board.at));

/** While the order API, or its database, is away. */
export const awayPage = (): PageContent =>
  frame('The order API does not answer', { verdict: AWAY }, 'Nothing is known.');
