import type { Cell } from '../../api/questions.ts';

const NUMBERS: Record<string, Intl.NumberFormat> = {
  count: new Intl.NumberFormat('en', { maximumFractionDigits: 2 }),
  units: new Intl.NumberFormat('en', { maximumFractionDigits: 2 }),
  ratio: new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  score: new Intl.NumberFormat('en', { maximumFractionDigits: 1 }),
};
const PLAIN = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A unit that is no word of ours is a currency. */
function formatFor(unit: string): Intl.NumberFormat {
  if (!/^[A-Z]{3}$/.test(unit)) return NUMBERS[unit] ?? PLAIN;
  NUMBERS[unit] ??= new Intl.NumberFormat('en', { style: 'currency', currency: unit });
  return NUMBERS[unit];
}

const moments = new Map<string, Intl.DateTimeFormat>();

function moment(iso: string, zone: string): string {
  const known = moments.get(zone);
  const format = known ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  if (!known) moments.set(zone, format);
  return format.format(new Date(iso));
}

/** One cell as people read it. @param unit of its column, as the order API names it */
export function cellText(value: Cell, unit: string, zone: string): string {
  if (value === null) return '–';
  if (typeof value === 'number') return formatFor(unit).format(value);
  return unit === 'timestamp' ? moment(value, zone) : value;
}
