import { readAbsolute } from './absolute.ts';
import { addUnits, startOf, type Unit } from './calendar.ts';
import { asPeriod, lemmaAt, type TimeContext, type TimeReader, unitAt } from './context.ts';
import { readNamed } from './named.ts';
import { type Period, spanOf } from './period.ts';
import { toWall } from './zone.ts';

/** Parts of a period: its first or last days, months or quarters, and a day of a week. */

/** Days, months and quarters fit into longer periods; a month has no first week that everybody counts alike. */
const PARTS: readonly Unit[] = ['day', 'month', 'quarter'];

/** What is named, whole even where it still runs: [start, end) in wall time. */
function wholeAt(context: TimeContext, at: number): { start: number; end: number; next: number } | undefined {
  const named = readNamed(context.tokens, at, context.wall);
  if (named) return { ...named.value, next: named.next };
  const read = readAbsolute(context, at);
  if (read?.value.kind !== 'period' || read.value.period.start === null) return undefined;
  const { start, end, running, step }: Period = read.value.period;
  const from = toWall(start!, context.clock.zone);
  const to = running ? addUnits(step.unit, step.count, from) : toWall(end, context.clock.zone);
  return { start: from, end: to, next: read.next };
}

/** "the first ten days of october", "last 2 months of 2025", "the last day of the quarter". */
export const partOf: TimeReader = (context, at) => {
  const start = lemmaAt(context, at) === 'the' ? at + 1 : at;
  const edge = lemmaAt(context, start);
  if (!/^(first|last|final|1st)$/.test(edge)) return undefined;
  const token = context.tokens[start + 1];
  const count = token?.value !== undefined && !token.ordinal && !token.money ? token.value : 1;
  const index = start + (count === token?.value ? 2 : 1);
  const unit = unitAt(context, index);
  // "the last 30 days in october" may be thirty days or those of October; "of" tells.
  if (!unit || !PARTS.includes(unit) || lemmaAt(context, index + 1) !== 'of' || !Number.isInteger(count)) {
    return undefined;
  }
  const whole = wholeAt(context, index + 2);
  if (!whole || count < 1 || addUnits(unit, count, whole.start) > whole.end) return undefined;
  if (startOf(unit, whole.start) !== whole.start) return undefined;
  const isFirst = edge === 'first' || edge === '1st';
  const [from, to] = isFirst
    ? [whole.start, addUnits(unit, count, whole.start)]
    : [addUnits(unit, -count, whole.end), whole.end];
  return asPeriod(spanOf(context.clock, `${edge}_of:${unit} x${count}`, from, to, { unit, count }), whole.next);
};
