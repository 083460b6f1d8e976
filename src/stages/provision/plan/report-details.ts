import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import type { Terminal } from '../../../ui/terminal.ts';
import { wrap } from '../../../ui/wrap.ts';
import type { Action, PropertyChange, ResourceSummary } from './summary.ts';

type Screen = Pick<Terminal, 'width' | 'style'>;

const SIGNS: Record<Action, string> = {
  delete: '-',
  replace: '±',
  update: '~',
  create: '+',
  forget: '.',
  read: '<',
  'no-op': ' ',
};
const COLOURS = { delete: 'red', replace: 'red', update: 'yellow' } as const;

/** More of one resource than this is noise on a screen; the summary of --json has all of them. */
const MOST_LINES = 12;
const INDENT = '      ';
const ARROW = ' -> ';
/** Columns from which there is room for more words. */
const ROOMY = 100;

const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - stringWidth(text)));

const noteOf = ({ forcesReplacement, drivesCost }: PropertyChange, width: number) => {
  const forces = width < ROOMY ? 'forces it' : 'forces replacement';
  return [forcesReplacement && forces, drivesCost && 'cost'].filter(Boolean).join(', ');
};

/** Both values share what the line has left; a short one leaves its rest to the other. */
function valuesText({ before, after }: PropertyChange, room: number): string {
  const wanted = { before: stringWidth(before), after: stringWidth(after) };
  const total = room - ARROW.length;
  const half = Math.floor(total / 2);
  const forBefore = Math.min(wanted.before, Math.max(half, total - wanted.after));
  const left = cliTruncate(before, forBefore);
  return `${left}${ARROW}${cliTruncate(after, Math.max(1, total - stringWidth(left)))}`;
}

function propertyLine(change: PropertyChange, pathWidth: number, { width, style }: Screen): string {
  const note = noteOf(change, width);
  const tail = note ? `  (${note})` : '';
  const path = pad(cliTruncate(change.path, pathWidth, { position: 'start' }), pathWidth);
  const room = width - INDENT.length - pathWidth - 2 - tail.length;
  const values = valuesText(change, Math.max(room, ARROW.length + 2));
  return `${INDENT}${path}  ${values}${style(change.forcesReplacement ? 'red' : 'yellow', tail)}`;
}

function propertyLines(changes: readonly PropertyChange[], screen: Screen): string[] {
  const shown = changes.slice(0, MOST_LINES);
  const widest = Math.max(0, ...shown.map(({ path }) => stringWidth(path)));
  const pathWidth = Math.min(widest, Math.floor(screen.width * 0.4));
  const left = changes.length - shown.length;
  const more = left > 0 ? [`${INDENT}… and ${left} more properties; --json has them all`] : [];
  return [...shown.map((change) => propertyLine(change, pathWidth, screen)), ...more];
}

function remark(title: string, text: string | null, colour: 'red' | 'dim', { width, style }: Screen): string[] {
  if (!text) return [];
  const label = `${title} `;
  const lines = wrap(text, Math.max(8, width - INDENT.length - label.length));
  return lines.map((line, index) => `${INDENT}${style(colour, (index ? ' '.repeat(label.length) : label) + line)}`);
}

/** A resource, why this happens to it, what is lost by it, and below that what differs. */
export function detailLines(resource: ResourceSummary, screen: Screen): string[] {
  const { action, kind, name, address, reason, loss, changes } = resource;
  const colour = COLOURS[action as keyof typeof COLOURS] ?? 'green';
  const line = `  ${SIGNS[action]} ${kind}  ${name}`;
  const rest = screen.width - stringWidth(line) - 2;
  const where = rest > 12 ? screen.style('dim', `  ${cliTruncate(address, rest, { position: 'start' })}`) : '';
  return [
    `${screen.style(colour, cliTruncate(line, screen.width))}${where}`,
    ...remark('because', reason, 'dim', screen),
    ...remark('lost:', loss, 'red', screen),
    ...propertyLines(changes, screen),
  ];
}
