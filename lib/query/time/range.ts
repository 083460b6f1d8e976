import { addUnits, startOf } from './calendar.ts';
import { lemmaAt, type TimeContext, type TimeRead, unitAt } from './context.ts';
import { type Named, type Read, readNamed } from './named.ts';
import { spanOf } from './period.ts';
import { readRelative } from './relative.ts';
import { toWall } from './zone.ts';

const TO = /^(to|through|thru|until|till|and)$/;
const DAY_MS = 86_400_000;

type End = { named: Named } | { day: number };

/** One end of a range: something named, "yesterday" or "last month", or a bare day of a month named at the other end. */
function readEnd(context: TimeContext, at: number): Read<End> | undefined {
  // "30 days ago" is no 30th.
  const counted = unitAt(context, at + 1) && context.tokens[at]?.value !== undefined;
  if (counted) return readRelativeEnd(context, at);
  const named = readNamed(context.tokens, at, context.wall);
  if (named?.value.alone) return { value: { day: named.value.alone }, next: named.next };
  if (named) return { value: { named: named.value }, next: named.next };
  const index = lemmaAt(context, at) === 'the' ? at + 1 : at;
  const token = context.tokens[index];
  const day = token?.value;
  if (day !== undefined && day >= 1 && day <= 31 && !token!.money) return { value: { day }, next: index + 1 };
  return readRelativeEnd(context, at);
}

function readRelativeEnd(context: TimeContext, at: number): Read<End> | undefined {
  const read = readRelative(context, at);
  if (read?.value.kind !== 'period' || read.value.period.start === null) return undefined;
  const { start, end, rule } = read.value.period;
  const [from, to] = [toWall(start, context.clock.zone), toWall(end, context.clock.zone)];
  return { value: { named: { rule, start: from, end: to, unit: 'day', count: 1 } }, next: read.next };
}

/** The day of the month that `other` lies in. */
function dayOf(end: End, other: End): Named | undefined {
  if ('named' in end) return end.named;
  if (!('named' in other)) return undefined;
  const start = startOf('month', other.named.start) + (end.day - 1) * DAY_MS;
  return { rule: 'day', start, end: start + DAY_MS, unit: 'day', count: 1 };
}

/** Both without a year: the first as it was last, the second as it came next after it; one with a year lends it. */
function alignYears(first: Named, last: Named): [Named, Named] {
  const year = (named: Named) => new Date(named.start).getUTCFullYear();
  if (last.start >= first.start && !(first.yearly && !last.yearly && year(first) !== year(last))) return [first, last];
  if (last.yearly) {
    const later = [0, 1]
      .map((more) => last.yearly!(year(first) + more))
      .find((span) => span && span.start >= first.start);
    return [first, later ?? last];
  }
  const earlier = [0, 1]
    .map((less) => first.yearly?.(year(last) - less))
    .find((span) => span && span.start <= last.start);
  return [earlier ?? first, last];
}

/** "monday to wednesday last week": the first day is of the week of the second. */
function alignWeekdays(first: Named, last: Named): [Named, Named] | undefined {
  const [from, to] = [first.weekday, last.weekday];
  if (from === undefined || to === undefined || from >= to || first.start < last.start) return undefined;
  return [{ ...first, start: last.start - (to - from) * DAY_MS, end: last.end - (to - from) * DAY_MS }, last];
}

function readBare(context: TimeContext, first: Read<End>, last: Read<End>): [Named, Named] | undefined {
  if ('day' in first.value && 'day' in last.value) {
    const ordinals = [first, last].every((end) => context.tokens[end.next - 1]?.ordinal);
    const month = startOf('month', context.wall);
    const begun = month + (first.value.day - 1) * DAY_MS <= context.wall;
    const anchor: End = {
      named: { rule: '', start: begun ? month : addUnits('month', -1, month), end: 0, unit: 'month', count: 1 },
    };
    return ordinals ? [dayOf(first.value, anchor)!, dayOf(last.value, anchor)!] : undefined;
  }
  const [start, end] = [dayOf(first.value, last.value), dayOf(last.value, first.value)];
  return start && end && (alignWeekdays(start, end) ?? alignYears(start, end));
}

/** "between A and B", "from A to B", "march to june": both ends are included. */
export function readRange(context: TimeContext, at: number): TimeRead {
  const opener = /^(between|from)$/.test(lemmaAt(context, at));
  if (context.comparing) return undefined;
  const first = readEnd(context, opener ? at + 1 : at);
  if (!first || !TO.test(lemmaAt(context, first.next))) return undefined;
  if (lemmaAt(context, first.next) === 'and' && lemmaAt(context, at) !== 'between') return undefined;
  const last = readEnd(context, first.next + 1);
  const isDate = last && 'named' in last.value && last.value.named.unit === 'day' && last.value.named.yearly;
  if (!opener && !('named' in first.value) && !isDate) return undefined;
  const ends = last && readBare(context, first, last);
  if (!last || !ends || ends[1].end <= ends[0].start) return undefined;
  const [from, to] = [ends[0].start, ends[1].end];
  const iso = (wall: number) => new Date(wall).toISOString().slice(0, 10);
  const days = Math.max(1, Math.round((to - from) / DAY_MS));
  const period = spanOf(context.clock, `between:${iso(from)}..${iso(to - DAY_MS)}`, from, to, {
    unit: 'day',
    count: days,
  });
  return { value: { kind: 'period', period }, next: last.next };
}
