import { addUnits, dateOf, nthWeekday } from './calendar.ts';

const numbered = (lists: string[][], first: number): Record<string, number> =>
  Object.fromEntries(lists.flatMap((names, index) => names.map((name) => [name, index + first])));

/** 1..12. */
export const MONTH_NAMES = numbered(
  [
    ['january', 'jan'],
    ['february', 'feb'],
    ['march', 'mar'],
    ['april', 'apr'],
    ['may'],
    ['june', 'jun'],
    ['july', 'jul'],
    ['august', 'aug'],
    ['september', 'sep', 'sept'],
    ['october', 'oct'],
    ['november', 'nov'],
    ['december', 'dec'],
  ],
  1,
);

/** 0 = Monday. */
export const WEEKDAY_NAMES = numbered(
  [
    ['monday', 'mon'],
    ['tuesday', 'tue', 'tues'],
    ['wednesday', 'wed'],
    ['thursday', 'thu', 'thur', 'thurs'],
    ['friday', 'fri'],
    ['saturday', 'sat'],
    ['sunday', 'sun'],
  ],
  0,
);

const thanksgiving = (year: number) => nthWeekday(year, 11, 3, 4);

/** Shopping days by name: the wall time of their midnight in a year. */
export const HOLIDAYS: Record<string, (year: number) => number> = {
  'black friday': (year) => addUnits('day', 1, thanksgiving(year)),
  'cyber monday': (year) => addUnits('day', 4, thanksgiving(year)),
  thanksgiving,
  christmas: (year) => dateOf(year, 12, 25),
  'christmas eve': (year) => dateOf(year, 12, 24),
  'boxing day': (year) => dateOf(year, 12, 26),
  'new year eve': (year) => dateOf(year, 12, 31),
  'new year day': (year) => dateOf(year, 1, 1),
  halloween: (year) => dateOf(year, 10, 31),
  'valentine day': (year) => dateOf(year, 2, 14),
  'single day': (year) => dateOf(year, 11, 11),
};
