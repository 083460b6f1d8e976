import type { Answered } from '../../../lib/query/ask.ts';

export type AnswerColumn = Answered['columns'][number];
export type AnswerCell = Answered['rows'][number][number];

/** Control and direction marks in stored names would rearrange the terminal around them. */
const UNSAFE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const plainText = (text: string) => text.replace(UNSAFE, '�');

const number = (value: number, digits: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

function money(value: number, currency: string | undefined): string {
  if (!currency) return number(value, 2);
  return value.toLocaleString('en-US', { style: 'currency', currency });
}

const localTimes = new Map<string, Intl.DateTimeFormat>();
function localTime(iso: string, zone: string): string {
  let format = localTimes.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    localTimes.set(zone, format);
  }
  return format.format(Date.parse(iso));
}

/** One cell as people read it: money in its currency, ratios in percent, times in the zone of the question. */
export function formatCell(value: AnswerCell, column: AnswerColumn, zone: string): string {
  if (value === null) return '-';
  if (column.unit === 'timestamp') return localTime(String(value), zone);
  if (typeof value === 'string') return plainText(value);
  switch (column.unit) {
    case 'money':
      return money(value, column.currency);
    case 'ratio':
      return `${number(value * 100, 1)} %`;
    case 'days':
    case 'hours':
    case 'number':
      return number(value, 2);
    case 'score':
      return number(value, 1);
    default:
      return number(value, Number.isInteger(value) ? 0 : 2);
  }
}

/** A spreadsheet takes text that begins like a formula for one; an apostrophe keeps it text. */
export function csvCell(value: AnswerCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
