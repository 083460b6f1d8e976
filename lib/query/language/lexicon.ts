import type { Catalogue } from '../catalogue.ts';
import { FILLERS, ROLES, type Role, SINGLE_FILLERS } from '../model/grammar.ts';
import type { DimensionName, FilterField } from '../model/names.ts';
import { CODE_IS_WORD, COUNTRY_WORDS, VALUE_WORDS } from '../model/values.ts';
import { ATOMS, type Atom, DIMENSION_WORDS } from '../model/words.ts';
import { HOLIDAYS, MONTH_NAMES, WEEKDAY_NAMES } from '../time/names.ts';
import { baseForms } from './english.ts';
import { nearest } from './spelling.ts';
import { lemmasOf, type Token } from './tokens.ts';

/** Everything one phrase can mean; the planner decides by what stands around it. */
export interface Meaning {
  atoms: Atom[];
  dimensions: DimensionName[];
  roles: Role[];
  values: { field: FilterField; value: string }[];
  filler: boolean;
}

interface Node {
  next: Map<string, Node>;
  meaning?: Meaning;
}

const TIME_WORDS =
  'today yesterday tomorrow day week month quarter year hour weekend fortnight last past previous prior since before after until between from during current next ago date half first second third fourth ytd mtd qtd wtd yoy mom wow qoq so far ever time same period earlier trailing complete calendar rolling start beginning end morning noon afternoon evening night'.split(
    ' ',
  );

const COMMON = [
  ...TIME_WORDS,
  ...Object.values(DIMENSION_WORDS).map((phrases) => phrases.split('|')[0]!),
  ...'which what how many order customer revenue sale unit refund payment delivery shipment late stock average total top best every'.split(
    ' ',
  ),
];

/** Phrases -> meanings, as a tree of words. */
export class Lexicon {
  private readonly root: Node = { next: new Map() };
  /** Every word of every phrase. */
  readonly known = new Set<string>();
  /** Those that mean something: what misspellings are corrected to. A word taken for a filler would be dropped. */
  readonly meaningful = new Set<string>();
  /** Those that questions are mostly made of: they win where a misspelling is as near to another. */
  readonly common = new Set<string>();

  add(phrase: string, part: Partial<Meaning>): void {
    this.addWords(lemmasOf(phrase), part);
  }

  addWords(words: readonly string[], part: Partial<Meaning>): void {
    if (words.length === 0) return;
    let node = this.root;
    const isFiller = part.filler === true && !part.roles;
    for (const word of words) {
      this.known.add(word);
      if (!isFiller) this.meaningful.add(word);
      const next: Node = node.next.get(word) ?? { next: new Map() };
      node.next.set(word, next);
      node = next;
    }
    node.meaning ??= { atoms: [], dimensions: [], roles: [], values: [], filler: false };
    node.meaning.atoms.push(...(part.atoms ?? []));
    node.meaning.dimensions.push(...(part.dimensions ?? []));
    node.meaning.roles.push(...(part.roles ?? []));
    node.meaning.values.push(...(part.values ?? []));
    node.meaning.filler ||= part.filler ?? false;
  }

  /** The longest phrase at a token, whatever the forms of its words: its meaning and the index after it. */
  match(tokens: readonly Token[], at: number): Match | undefined {
    const found = longest(this.root, tokens, at);
    const token = tokens[at];
    if (!token || found?.next !== at + 1 || !isOnlyFiller(found.meaning)) return found;
    // What only a form of a filler is may mean more: "expected", "confirmed", "searched".
    const asItStands = this.root.next.get(token.lemma)?.meaning;
    return !asItStands || (token.plural && SINGLE_FILLERS.has(token.lemma)) ? undefined : found;
  }
}

interface Match {
  meaning: Meaning;
  next: number;
}

const isOnlyFiller = ({ atoms, dimensions, roles, values }: Meaning): boolean =>
  atoms.length + dimensions.length + roles.length + values.length === 0;

/** Words as they stand come before their base forms: "left" is what remains, unless only "leave" goes on from here. */
function longest(node: Node, tokens: readonly Token[], at: number): Match | undefined {
  const lemma = tokens[at]?.lemma;
  let found: Match | undefined;
  for (const form of lemma === undefined ? [] : [lemma, ...baseForms(lemma)]) {
    const next = node.next.get(form);
    const match = next && longest(next, tokens, at + 1);
    if (match && match.next > (found?.next ?? at)) found = match;
  }
  return found ?? (node.meaning && { meaning: node.meaning, next: at });
}

function addAll(lexicon: Lexicon, phrases: string, part: Partial<Meaning>): void {
  for (const phrase of phrases.split('|')) lexicon.add(phrase, part);
}

function addTimeWord(lexicon: Lexicon, word: string): void {
  lexicon.known.add(word);
  lexicon.meaningful.add(word);
}

function addVocabulary(lexicon: Lexicon): void {
  for (const [atom, phrases] of Object.entries(ATOMS)) addAll(lexicon, phrases, { atoms: [atom as Atom] });
  for (const [name, phrases] of Object.entries(DIMENSION_WORDS)) {
    addAll(lexicon, phrases, { dimensions: [name as DimensionName] });
  }
  for (const [role, phrases] of Object.entries(ROLES)) addAll(lexicon, phrases, { roles: [role as Role] });
  for (const word of FILLERS) lexicon.add(word, { filler: true });
  lexicon.addWords([','], { roles: ['vsand'], filler: true });
  for (const names of [MONTH_NAMES, WEEKDAY_NAMES]) for (const name of Object.keys(names)) addTimeWord(lexicon, name);
  for (const name of Object.keys(HOLIDAYS)) for (const word of lemmasOf(name)) addTimeWord(lexicon, word);
  for (const word of TIME_WORDS) addTimeWord(lexicon, word);
  for (const word of COMMON) {
    lexicon.common.add(word);
    lexicon.meaningful.add(word);
  }
}

/** Words without a meaning of their own that are common enough to be mistyped: only these fillers are guessed. */
const GLUE: ReadonlySet<string> = new Set(
  'the and for from only many much please show with that this were have'.split(' '),
);

const regionNames = new Intl.DisplayNames(['en'], { type: 'region' });

function addCountry(lexicon: Lexicon, code: string): void {
  const part: Partial<Meaning> = { values: [{ field: 'country', value: code }] };
  if (/^[A-Z]{2}$/.test(code)) lexicon.add(regionNames.of(code) ?? code, part);
  if (!CODE_IS_WORD.has(code)) lexicon.add(code, part);
  if (COUNTRY_WORDS[code]) addAll(lexicon, COUNTRY_WORDS[code], part);
}

/** Status names that are also what happened to an order ("shipped yesterday") are no value by themselves. */
const EVENTS = new Set(['paid', 'shipped', 'delivered', 'cancelled', 'payment_failed']);

function addValues(lexicon: Lexicon, catalogue: Catalogue): void {
  for (const [name, values] of Object.entries(catalogue.values)) {
    const field = name as FilterField;
    for (const value of values) {
      const part: Partial<Meaning> = { values: [{ field, value }] };
      if (field === 'country') addCountry(lexicon, value);
      else if (field !== 'customer_type' && !(field === 'order_status' && EVENTS.has(value))) lexicon.add(value, part);
      if (value.includes('&')) lexicon.add(value.replaceAll('&', ' and '), part);
      const spoken = VALUE_WORDS[field]?.[value];
      if (spoken) addAll(lexicon, spoken, part);
    }
  }
}

/** The vocabulary with the values of one shop. */
export function buildLexicon(catalogue: Catalogue): Lexicon {
  const lexicon = new Lexicon();
  addVocabulary(lexicon);
  addValues(lexicon, catalogue);
  return lexicon;
}

function correct(token: Token, lexicon: Lexicon): Token {
  const plain = nearest(token.lemma, lexicon.meaningful, lexicon.common);
  const word = plain ?? nearest(token.text, lexicon.meaningful, lexicon.common) ?? nearest(token.text, GLUE, GLUE);
  // Only nouns have a plural: "movers" are no "moveds".
  if (!word || (token.plural && plain && word.endsWith('ed'))) return token;
  const text = token.plural && plain && !(word in MONTH_NAMES || word in WEEKDAY_NAMES) ? `${word}s` : word;
  return { ...token, text, lemma: word, typed: token.text };
}

/** Known as it stands, or a form of a word that is: "ordering". */
const isKnown = ({ lemma }: Token, lexicon: Lexicon): boolean =>
  [lemma, ...baseForms(lemma)].some((form) => lexicon.known.has(form));

/** Replaces words that nothing knows by the nearest known one; what was typed is kept for the answer to say. */
export function correctSpelling(tokens: readonly Token[], lexicon: Lexicon, accepted: ReadonlySet<string>): Token[] {
  return tokens.map((token) => {
    const readable = token.value !== undefined || /\d/.test(token.lemma) || isKnown(token, lexicon);
    return readable || accepted.has(token.lemma) || accepted.has(token.text) ? token : correct(token, lexicon);
  });
}
