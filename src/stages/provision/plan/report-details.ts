import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import type { Terminal } from '../../../ui/terminal.ts';
import { wrap } from '../../../ui/wrap.ts';
import { namesText } from './report-creates.ts';
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

/** What two long values differ in is at their ends where they begin alike, as ids of Azure do. */
const keptEnd = ({ before, after }: PropertyChange) =>
  before.startsWith('/') || before.slice(0, 8) === after.slice(0, 8) ? 'start' : 'end';

/** Both values share what the line has left; a short one leaves its rest to the other. */
function valuesText(change: PropertyChange, room: number): string {
  const { before, after } = change;
  const position = keptEnd(change);
  const total = room - ARROW.length;
  const half = Math.floor(total / 2);
  const left = cliTruncate(before, Math.max(half, total - stringWidth(after)), { position });
  return `${left}${ARROW}${cliTruncate(after, Math.max(1, total - stringWidth(left)), { position })}`;
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

/** Resources to which exactly the same happens. */
function alike(resources: readonly ResourceSummary[]): ResourceSummary[][] {
  const groups = new Map<string, ResourceSummary[]>();
  for (const resource of resources) {
    const { action, kind, module, reason, loss, changes } = resource;
    const key = JSON.stringify([action, kind, module, reason, loss, changes]);
    groups.set(key, [...(groups.get(key) ?? []), resource]);
  }
  return [...groups.values()];
}

/** Sign, kind and every name; the address too where there is one and room for it. */
function titleLines(resources: readonly ResourceSummary[], { width, style }: Screen): string[] {
  const { action, kind, address } = resources[0]!;
  const colour = COLOURS[action as keyof typeof COLOURS] ?? 'green';
  const start = `  ${SIGNS[action]} ${kind}  `;
  const names = wrap(namesText(resources.map(({ name }) => name)), Math.max(8, width - stringWidth(start)));
  const [first, ...more] = names.map((line, index) => (index ? ' '.repeat(stringWidth(start)) : start) + line);
  const room = width - stringWidth(first!) - 2;
  const shown = resources.length === 1 && more.length === 0 && room > 12;
  const where = shown ? style('dim', `  ${cliTruncate(address, room, { position: 'start' })}`) : '';
  return [style(colour, first!) + where, ...more.map((line) => style(colour, line))];
}

/** What forces a replacement stands with its property. */
const reasonOf = ({ reason, changes }: ResourceSummary) =>
  changes.some(({ forcesReplacement }) => forcesReplacement) ? null : reason;

/** Resources with why this happens to them, what is lost by it, and below that what differs. */
export function detailLines(resources: readonly ResourceSummary[], screen: Screen): string[] {
  return alike(resources).flatMap((group) => [
    ...titleLines(group, screen),
    ...remark('because', reasonOf(group[0]!), 'dim', screen),
    ...remark('lost:', group[0]!.loss, 'red', screen),
    ...propertyLines(group[0]!.changes, screen),
  ]);
}
