import { ago, current, dayWords, last, weekend } from './absolute.ts';
import { bounded, longAgo, sinceLength, sinceMidnight, untilNow } from './bounded.ts';
import { asPeriod, lemmaAt, says, type TimeContext, type TimeRead, type TimeReader, unitAt } from './context.ts';
import { allTime } from './period.ts';
import { over, shifted } from './shifts.ts';

const phraseLength = (context: TimeContext, at: number, phrases: readonly string[]) =>
  phrases.find((phrase) => says(context, at, phrase))?.split(' ').length;

const ALL_TIME = [
  'all time',
  'all times',
  'of all time',
  'ever',
  'since ever',
  'since the beginning',
  'overall',
  'to date',
  'lifetime to date',
  'in total so far',
];
const NOW = [
  'right now',
  'at the moment',
  'as of now',
  'as of today',
  'at present',
  'currently',
  'current',
  'now',
  'presently',
  'atm',
];

const fixedPhrases: TimeReader = (context, at) => {
  const all = phraseLength(context, at, ALL_TIME);
  if (all) return asPeriod(allTime(context.clock), at + all);
  const now = phraseLength(context, at, NOW);
  if (now && !unitAt(context, at + now)) return { value: { kind: 'now' }, next: at + now };
  if (/^(tomorrow|next|upcoming|coming)$/.test(lemmaAt(context, at)))
    return { value: { kind: 'future' }, next: at + 1 };
  return undefined;
};

const READERS: TimeReader[] = [
  longAgo,
  sinceLength,
  sinceMidnight,
  untilNow,
  bounded,
  over,
  shifted,
  dayWords,
  current,
  weekend,
  ago,
  last,
  fixedPhrases,
];

/** Every way to speak of time but by a calendar name. */
export function readRelative(context: TimeContext, at: number): TimeRead {
  for (const reader of READERS) {
    const read = reader(context, at);
    if (read) return read;
  }
  return undefined;
}
