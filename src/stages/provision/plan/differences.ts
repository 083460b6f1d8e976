import { visible } from '../../../ui/visible.ts';
import { Hidden, isBlock, isEmpty, isList, isSame, UNKNOWN, type Veiled } from './veil.ts';

/** Where a value stands: names of attributes and blocks, and the place in a list. */
export type Path = readonly (string | number)[];

export interface Difference {
  path: Path;
  before: Veiled;
  after: Veiled;
}

const step = (key: string) => (/^[\w-]+$/.test(key) ? key : visible(JSON.stringify(key)));

/** "capture_description.interval_in_seconds", "ip_rule[2].action". */
export const pathText = (path: Path): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${step(part)}`)).join('');

/** The names of a path alone, as blocks and attributes are called in the documentation. */
export const namesOf = (path: Path): string[] => path.filter((part) => typeof part === 'string');

const namedParts = (value: { readonly [key: string]: Veiled }) =>
  Object.entries(value)
    .filter(([, part]) => !isEmpty(part))
    .map(([key, part]) => `${step(key)}: ${valueText(part)}`)
    .join(', ');

/** A value in one line; a list of one block is written as the block. */
export function valueText(value: Veiled | undefined): string {
  if (value instanceof Hidden) return '(sensitive)';
  if (value === UNKNOWN) return '(known after apply)';
  if (value === '') return '""';
  if (isEmpty(value)) return '(none)';
  if (isList(value)) {
    return value.length === 1 && isBlock(value[0]) ? valueText(value[0]) : `[${value.map(valueText).join(', ')}]`;
  }
  return isBlock(value) ? `{${namedParts(value)}}` : visible(String(value));
}

interface Placed {
  block: Veiled;
  index: number;
}

const placed = (blocks: readonly Veiled[]): Placed[] => blocks.map((block, index) => ({ block, index }));

/** Blocks that are the same on both sides are paired first: a set has no order, so that their places say nothing. */
function blockDifferences(before: readonly Veiled[], after: readonly Veiled[], path: Path): Difference[] {
  const gone = placed(before);
  const come = placed(after).filter(({ block }) => {
    const found = gone.findIndex((candidate) => isSame(candidate.block, block));
    if (found >= 0) gone.splice(found, 1);
    return found < 0;
  });
  const single = before.length <= 1 && after.length <= 1;
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, place) => {
    const index = (come[place] ?? gone[place])!.index;
    const deeper = single ? path : [...path, index];
    return differences(gone[place]?.block ?? null, come[place]?.block ?? null, deeper);
  }).flat();
}

const areBlocks = (value: Veiled): value is readonly Veiled[] =>
  isList(value) && !isEmpty(value) && value.every(isBlock);

/** Every attribute that differs, as deep as both sides have the same shape. */
export function differences(before: Veiled, after: Veiled, path: Path = []): Difference[] {
  if (isSame(before, after)) return [];
  if (isBlock(before) && isBlock(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key] ?? null, after[key] ?? null, [...path, key]));
  }
  if (areBlocks(before) && areBlocks(after)) {
    const found = blockDifferences(before, after, path);
    if (found.length > 0) return found;
  }
  return [{ path, before, after }];
}

/** What is hidden on one side is hidden on the other, where it was or becomes an open value. */
export function texts({ before, after }: Difference): { before: string; after: string } {
  const hide = before instanceof Hidden || after instanceof Hidden;
  const text = (value: Veiled) => (hide && !isEmpty(value) && value !== UNKNOWN ? '(sensitive)' : valueText(value));
  return { before: text(before), after: text(after) };
}
