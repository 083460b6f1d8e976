import type { Board, Letter, Partition } from '../api/staff.ts';
import { html, when } from '../html/html.ts';
import { time } from '../html/time.ts';
import { shortId } from '../shop/orders/order-words.ts';
import { count, counted, isStuck, lagSeconds } from './verdict.ts';

/** Words for how far a partition is, and whether somebody has to look. */
function placeOf(board: Board, one: Partition): { words: string; kind: string } {
  const { behind } = one;
  if (behind === null) return { words: 'not known', kind: 'warning' };
  if (behind === 0) return { words: 'up to date', kind: 'good' };
  const seconds = lagSeconds(board, one);
  const words = `${count(behind)} behind${seconds > 0 ? ` for ${count(seconds)} s` : ''}`;
  return isStuck(board, one) ? { words: `${words}, no progress`, kind: 'bad' } : { words, kind: 'warning' };
}

function partitionRow(board: Board, one: Partition): string {
  const { words, kind } = placeOf(board, one);
  const owner = one.owner === null ? html`<strong class="bad">nobody</strong>` : html`<code>${one.owner}</code>`;
  return html`<tr><th scope="row">${one.partition}</th><td class="${kind}">${words}</td><td>!${owner}</td></tr>`;
}

/** How far the database is behind the hub, and who reads. */
export function partitions(board: Board): string {
  const rows = board.partitions.map((one) => partitionRow(board, one));
  const owners = new Set(board.partitions.flatMap(({ owner }) => owner ?? [])).size;
  return html`<h2>Backlog</h2>!${
    rows.length > 0
      ? html`<p class="muted small">${counted(owners, 'consumer')} for ${counted(rows.length, 'partition')}.</p>
<table class="partitions"><thead><tr><th scope="col">Partition</th><th scope="col">The database is</th><th scope="col">Read by</th></tr></thead><tbody>!${rows}</tbody></table>`
      : '<p class="muted">Nothing has been read yet.</p>'
  }`;
}

const REASONS: Partial<Record<string, string>> = {
  body_type: 'Not bytes or text',
  json_syntax: 'Not JSON',
  envelope: 'Not a CloudEvent',
  unsupported_type: 'A type that we do not know',
  unsupported_version: 'A version that we do not know',
  schema: 'Not as the schema says',
  card_data: 'Has card data in it',
  partition_key: 'On the wrong partition',
  idempotency_conflict: 'Same key, other contents',
  parked_expired: 'What it waited for never came',
  handler_error: 'Could not be handled',
};

/** What would be done about each letter of a kind: what cannot get better is not sent again. */
const ADVICE: Partial<Record<string, string>> = {
  handler_error: 'See why (oms dlq show), mend that, then send it again:',
  parked_expired: 'Send it again once what it waits for is there:',
};
const LOOK = 'Look at it; it gets no better by itself:';

interface Kind {
  reason: string;
  event_type: string | null;
  letters: Letter[];
}

/** Letters of the same reason and type, the newest kind first. */
function kindsOf(letters: readonly Letter[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const letter of letters) {
    const { reason, event_type } = letter;
    const key = `${reason} ${event_type}`;
    const kind = kinds.get(key) ?? { reason, event_type, letters: [] };
    kind.letters.push(letter);
    kinds.set(key, kind);
  }
  return [...kinds.values()];
}

/** Letters of one kind that are named. */
const NAMED = 3;

function letterLine({ id, order_id, detail, waiting, failed_at }: Letter, isRetried: boolean): string {
  const order = when(
    order_id,
    () => html`, order <a href="/orders/${order_id}"><code>${shortId(order_id!)}</code></a>`,
  );
  return html`<li><code class="call">oms dlq ${isRetried ? 'retry' : 'show'} ${id}</code> <span class="muted">!${time(failed_at)}!${order}${
    waiting > 0 ? `, ${counted(waiting, 'event')} wait behind it` : ''
  }</span>!${when(detail, () => html`<br><span class="detail">${detail}</span>`)}</li>`;
}

function kindBlock({ reason, event_type, letters }: Kind): string {
  const isRetried = ADVICE[reason] !== undefined;
  const more = letters.length - NAMED;
  return html`<li class="letter"><h3>${REASONS[reason] ?? reason} <span class="times">${count(letters.length)}×</span></h3>
<p class="small muted"><code>${reason}</code>!${when(event_type, () => html` · <code>${event_type}</code>`)}</p>
<p>${ADVICE[reason] ?? LOOK}</p>
<ul role="list">!${letters.slice(0, NAMED).map((letter) => letterLine(letter, isRetried))}</ul>
!${when(more > 0, () => html`<p class="small muted">and ${count(more)} more: <code class="call">oms dlq list</code></p>`)}</li>`;
}

/** Dead letters by reason. @param open how many there are, which may be more than are shown */
export function deadLetters(open: number, letters: readonly Letter[]): string {
  const kinds = kindsOf(letters);
  const unseen = open - letters.length;
  return html`<h2>Dead letters</h2>!${
    kinds.length > 0
      ? html`<ul class="letters" role="list">!${kinds.map(kindBlock)}</ul>
!${when(unseen > 0 && letters.length > 0, () => html`<p class="muted">${counted(unseen, 'older one')} not shown here.</p>`)}
<p class="small muted">What is past mending is given up with <code class="call">oms dlq drop ID</code>; what waited behind it goes on.</p>`
      : '<p class="muted">None. Every event could be used.</p>'
  }`;
}
