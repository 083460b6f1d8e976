import { formatBytes, formatCount } from '../../ui/format.ts';
import { renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { LetterList, LetterWithBody, Resolution } from './result.ts';

type Look = Pick<Terminal, 'style' | 'width'>;

const moment = (time: string): string => time.slice(0, 19).replace('T', ' ');

/** A line a letter, the newest first. */
export function renderLetters({ letters, open }: LetterList, { width }: Look): string {
  const summary = open === 0 ? 'no dead letter is open' : `${formatCount(open)} open`;
  if (letters.length === 0) return summary;
  const table = renderTable(
    letters,
    [
      { title: 'id', value: ({ id }) => String(id), align: 'right' },
      { title: 'state', value: ({ state }) => state },
      { title: 'failed (UTC)', value: ({ failed_at }) => moment(failed_at) },
      { title: 'reason', value: ({ reason }) => reason },
      { title: 'event', value: ({ event_type }) => event_type ?? '-' },
      { title: 'order', value: ({ order_id }) => order_id?.slice(0, 13) ?? '-' },
      { title: 'behind', value: ({ waiting }) => String(waiting), align: 'right' },
      { title: 'detail', value: ({ detail }) => detail },
    ],
    width,
  );
  return `${table}\n\n${summary}`;
}

/** What failed, why, what it holds up, what to do about it, and the event itself. */
export function renderLetter(letter: LetterWithBody, { style }: Look): string {
  const { id, state, reason, detail, hub, partition, sequence_number, body, order_id, waiting } = letter;
  const resolved = letter.resolved_at ? ` since ${moment(letter.resolved_at)}` : '';
  const lines = [
    `Dead letter ${id}  ${style(state === 'open' ? 'yellow' : 'dim', state)}${resolved}`,
    `${reason}: ${detail}`,
    `event ${letter.event_id ?? '(without an id)'}, ${letter.event_type ?? 'of no known type'}, failed ${moment(letter.failed_at)} UTC`,
    `number ${sequence_number} of partition ${partition} of ${hub}`,
  ];
  const behind = waiting === 1 ? '1 later event waits' : `${formatCount(waiting)} later events wait`;
  if (order_id) lines.push(`order ${order_id}${waiting > 0 ? `, ${behind} behind it` : ''}`);
  const size = `${formatBytes(letter.bytes)}${body.cut ? ', the beginning' : ''}`;
  lines.push('', style('underline', `Body (${body.form}, ${size})`), body.text);
  if (state === 'open')
    lines.push('', `next  oms dlq retry ${id}, once its cause is gone`, `      oms dlq drop ${id}, to give it up`);
  return lines.join('\n');
}

const WORDS: Record<Resolution['letters'][number]['outcome'], string> = {
  retried: 'applied',
  dropped: 'given up',
  failed_again: 'failed again',
  waiting: 'not handled yet',
  not_open: 'nothing to do',
};

/** What became of each letter. */
export function renderResolution({ letters, released }: Resolution, { style }: Look): string {
  if (letters.length === 0) return 'no dead letter is open';
  const lines = letters.map(({ id, outcome, detail }) => {
    const colour = outcome === 'failed_again' ? 'red' : outcome === 'waiting' ? 'yellow' : 'green';
    return `dead letter ${id}: ${style(colour, WORDS[outcome])}${detail ? `, ${detail}` : ''}`;
  });
  if (released > 0) lines.push(`the events that waited for ${formatCount(released)} orders go on`);
  return lines.join('\n');
}
