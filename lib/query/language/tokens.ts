import { NUMBER_WORDS, ORDINAL_WORDS } from './numbers.ts';

/** One word of a question in the form that everything after works on. */
export interface Token {
  /** As typed, in lower case. */
  text: string;
  /** The singular; numbers as digits. */
  lemma: string;
  plural: boolean;
  value?: number;
  ordinal?: boolean;
  /** Written with a currency sign or word. */
  money?: boolean;
  /** Written with a percent sign. */
  percent?: boolean;
  /** What was typed where a misspelling was put right. */
  typed?: string;
}

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const WEEKDAY = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*';
const DAY = '\\d{1,2}(?:st|nd|rd|th)?';
/** "nov 1 - nov 7", "oct 1-15", "1-7 november", "mon - fri": a dash between two dates. */
const DATE_DASH = new RegExp(
  `(\\b${MONTH} ${DAY}|\\b${DAY}(?: ${MONTH})?(?=\\s*[-–—]\\s*${DAY}(?: of)? ${MONTH}\\b)|\\b${MONTH}(?: \\d{4})?(?=\\s*[-–—]\\s*${MONTH}\\b)|\\b${WEEKDAY}(?=\\s*[-–—]\\s*${WEEKDAY}\\b)|\\b\\d{4}-\\d\\d-\\d\\d(?= ))\\s*[-–—]\\s*(?=${MONTH}|${WEEKDAY}|${DAY}\\b|\\d{4}-)`,
  'g',
);

const CONTRACTIONS: [RegExp, string][] = [
  [/\b(what|who|how|where|when|that|it|there|here)['’]?s\b/g, '$1 is'],
  [/\b(have|has|had|do|does|did|is|are|was|were|would|could|should)n['’]?t\b/g, '$1 not'],
  [/\bhow come\b/g, 'why'],
  [
    /\bwhat (?:makes?|made|leads?|led|drives?|drove|causes?|caused) (?=(?:customer|people|buyer|shopper|client|payment|card|order)s?\b)/g,
    'why ',
  ],
  [/\bcan['’]?t\b/g, 'can not'],
  [/\bwon['’]t\b/g, 'will not'],
  [/\b(i|we|you|they|who|that|it)['’](ve|re|ll|d|m)\b/g, '$1'],
  [/\b(how|what|where|when|why)['’]d\b/g, '$1 did'],
  [/\b(sign|add|check)-(ups?|ins?|ons?|outs?)\b/g, '$1$2'],
  [/\bsign ups\b/g, 'signups'],
  [/\btill date\b/g, 'to date'],
  [/\b(please|pls|plz|kindly|(?:can|could|would|will) you(?: please| kindly)?) share\b/g, '$1 show'],
  [/\b(how many|number of|count of) purchases\b/g, '$1 orders'],
  [/(?<=\s)>\s*=/g, ' at least '],
  [/(?<=\s)<\s*=/g, ' at most '],
  [/(?<=\s)>\s*(?=[$€£\d])/g, ' over '],
  [/(?<=\s)<\s*(?=[$€£\d])/g, ' under '],
  [/\blet['’]s\b/g, 'let us'],
  [
    /\b(day|week|month|quarter|year|hour|weekday|product|category|brand|city|country|channel|carrier|segment|warehouse|customer|status|method|coupon)[ -]?wise\b/g,
    'by $1',
  ],
  [DATE_DASH, '$1 to '],
  [/\b(\w+)['’]s\b/g, '$1'],
  [/\b(\w+s)['’](?=\s|$)/g, '$1'],
];

/** Dates stay whole; a currency sign stays with its number; everything else is letters or digits. */
const WORD =
  /\d{4}-\d{2}-\d{2}|\d{4}-\d{2}(?!\d)|[$€£]\s?\d[\d,]*(?:\.\d+)?[km]?\b|\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)\b|\d[\d,]*(?:\.\d+)?\s?[$€£%]|\d[\d,]*(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_]*|%|,(?=\s)/gu;
const SPLIT_AFTER_NUMBER = /^(h|hr|hrs|d|w|k|m|y|pm|am)$/;
const SUFFIX: Record<string, string> = { h: 'hour', d: 'day', w: 'week', y: 'year' };

const KEEP_S = new Set(
  'this christmas us ups usps vs is was has does always gross business address express news plus less loss canvas as its his across yes sms gps series minus thus versus bonus focus status'.split(
    ' ',
  ),
);

const IRREGULAR: Record<string, string> = {
  shelves: 'shelf',
  knives: 'knife',
  scarves: 'scarf',
  loaves: 'loaf',
  statuses: 'status',
  bonuses: 'bonus',
};

/** Singular of a word by its ending: categories -> category, boxes -> box, orders -> order. */
export function singular(word: string): string {
  if (Object.hasOwn(IRREGULAR, word)) return IRREGULAR[word]!;
  if (word.length <= 3 || KEEP_S.has(word) || !word.endsWith('s') || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|ss|x|z)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** Country codes that are words in lower case: told apart while capitals are still there. */
const regionNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** What the answer is wanted for is no part of the question: "for our weekly report", "for the purposes of the close". */
const OCCASION =
  /\bfor (?:the purposes? of (?:the |our |my |an? )?|(?:the|our|my|an?|this) )(?:(?:daily|weekly|monthly|quarterly|annual|yearly|(?:month|quarter|year)[ -]end|management|board|team|sales|investor) )*(?:close|closing|reports?|reporting|meeting|review|statements?|audit|presentation|planning|budget|slides?|deck|call|stand[ -]?up)\b,?/g;

function expand(text: string): string {
  let plain = text
    .normalize('NFKC')
    .replace(/\bU\.?S\.?(A\.?)?(?![\w.])/g, 'usa')
    .replace(/(?<=[a-z,] )(IN|US|IT)\b/g, (code) => regionNames.of(code) ?? code)
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(OCCASION, ' ');
  for (const [pattern, replacement] of CONTRACTIONS) plain = plain.replace(pattern, replacement);
  return plain;
}

function numberToken(raw: string): Token {
  const ordinal = /(st|nd|rd|th)$/.test(raw);
  const digits = raw.replace(/[^\d.]/g, '');
  const factor = raw.endsWith('k') ? 1_000 : raw.endsWith('m') ? 1_000_000 : 1;
  const value = Number(digits) * factor;
  return {
    text: raw,
    lemma: String(value),
    plural: false,
    value,
    ...(ordinal && { ordinal }),
    ...(/[$€£]/.test(raw) && { money: true }),
    ...(raw.endsWith('%') && { percent: true }),
  };
}

/** Written short by people in a hurry. */
const SHORT: Record<string, string> = {
  wk: 'week',
  wks: 'weeks',
  hrs: 'hours',
  hr: 'hour',
  mth: 'month',
  mths: 'months',
  mo: 'month',
  qtr: 'quarter',
  qtrs: 'quarters',
  yr: 'year',
  yrs: 'years',
  yest: 'yesterday',
  ystd: 'yesterday',
  rev: 'revenue',
  cust: 'customer',
  custs: 'customers',
  gimme: 'give',
};

function wordToken(typed: string): Token {
  const text = Object.hasOwn(SHORT, typed) ? SHORT[typed]! : typed;
  if (/^\d{4}-/.test(text)) return { text, lemma: text, plural: false };
  if (/^[$€£\d]/.test(text)) return numberToken(text);
  if (text === '%') return { text, lemma: 'percent', plural: false };
  const number = NUMBER_WORDS[text];
  if (number !== undefined) return { text, lemma: String(number), plural: false, value: number };
  const ordinal = ORDINAL_WORDS[text];
  if (ordinal !== undefined) return { text, lemma: text, plural: false, value: ordinal, ordinal: true };
  const lemma = singular(text);
  return { text, lemma, plural: lemma !== text };
}

/** "24 h" and "2 k" are one number with a unit; "500 dollars" is an amount; "twenty four" is 24. */
function joinNumbers(tokens: Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (last?.value === undefined || last.ordinal) joined.push(token);
    else if (/^(dollar|usd|euro|eur|buck|gbp)$/.test(token.lemma)) last.money = true;
    else if (token.lemma === 'percent' || token.lemma === 'pct') last.percent = true;
    else if (SPLIT_AFTER_NUMBER.test(token.text)) joinSuffix(joined, last, token);
    else if (isTensAndUnit(last, token)) setValue(last, last.value + token.value!);
    else if (token.text === 'hundred' || token.text === 'thousand') setValue(last, last.value * token.value!);
    else joined.push(token);
  }
  return joined;
}

function joinSuffix(joined: Token[], last: Token, token: Token): void {
  const unit = SUFFIX[token.text];
  if (unit) joined.push({ text: token.text, lemma: unit, plural: true });
  else if (token.text === 'k') setValue(last, last.value! * 1_000);
  else if (token.text === 'm') setValue(last, last.value! * 1_000_000);
  else joined.push(token);
}

const isTensAndUnit = (tens: Token, unit: Token): boolean =>
  /^[a-z]/.test(tens.text) &&
  tens.value! >= 20 &&
  tens.value! % 10 === 0 &&
  tens.value! < 100 &&
  (unit.value ?? 10) < 10;

function setValue(token: Token, value: number): void {
  token.value = value;
  token.lemma = String(value);
}

const OF_COUNTRY =
  /^(customer|order|sale|revenue|market|buyer|shopper|shipment|delivery|refund|store|vs|only|aov|city|consumer|business|vip)$/;
const SPEAKER_BEFORE =
  /^(give|show|tell|let|get|send|help|for|to|with|about|cost|bring|brought|make|made|earn|earned|take)$/;

/** "us" is the country where it stands in the place of one: "in the us", "us orders". */
const placeUs = (token: Token, index: number, all: readonly Token[]): Token => {
  if (token.text !== 'us') return token;
  const before = all[index - 1]?.lemma ?? '';
  const attribute = OF_COUNTRY.test(all[index + 1]?.lemma ?? '') && !SPEAKER_BEFORE.test(before);
  const split = /^(by|per|each|every)$/.test(before) && index + 1 < all.length;
  return attribute || split || /^(in|the|outside|excluding|except)$/.test(before) ? { ...token, lemma: 'usa' } : token;
};

/** "october 3, 2025" is one date; other commas part what is listed. */
const withoutDateCommas = (words: readonly string[]): string[] =>
  words.filter((word, index) => word !== ',' || !/^(19|20)\d\d$/.test(words[index + 1] ?? ''));

/** Splits a text into tokens; catalogue values and vocabulary go through the same function. */
export function tokenize(text: string): Token[] {
  const words = expand(text).match(WORD) ?? [];
  return joinNumbers(withoutDateCommas(words).map(wordToken)).map(placeUs);
}

/** The lemmas of a phrase, joined by blanks: the key under which phrases are found. */
export function lemmasOf(phrase: string): string[] {
  const isPlain = PLAIN.test(phrase) && !NEEDS_MORE.test(phrase);
  return isPlain
    ? phrase.split(' ').map(plainLemma)
    : tokenize(phrase.replaceAll(',', ' ')).map((token) => token.lemma);
}

/** Most of the vocabulary is words and nothing else, and there are a thousand phrases of it. */
const PLAIN = /^[a-z]+(?: [a-z]+)*$/;
/** Contractions, numbers of two words and the country called "us". */
const NEEDS_MORE =
  /\b(us|hundred|thousand|percent|pct|dollars?|usd|euros?|eur|bucks?|gbp|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|(?:what|how|where|when|that|it|here|there|who)s|(?:ha[vds]e?|do|does|did|is|are|was|were|would|could|should)nt|cant|wont|wise|purchases|how come)\b/;

function plainLemma(word: string): string {
  const number = NUMBER_WORDS[word];
  if (number !== undefined) return String(number);
  return word in ORDINAL_WORDS ? word : singular(word);
}
