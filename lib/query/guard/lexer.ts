import { RefusedSql } from './refused.ts';

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 40;
/** Chains of operators become deep trees; the parser's stack ends somewhere above 500. */
const MAX_OPERATORS = 400;

/**
 * The whole alphabet outside strings. What is not here has no meaning for a question, or has one that two readers
 * could see differently: comments, `"` (a string or a name), `@`, `:`, `\`, braces, introducers of other literals.
 */
const TOKEN = new RegExp(
  [
    '(?<blank>[ \\t\\r\\n]+)',
    '(?<word>[A-Za-z_][A-Za-z0-9_]*)',
    '(?<number>(?:[0-9]{1,20}(?:\\.[0-9]{1,20})?|\\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,3})?)',
    "(?<string>'(?:[^'\\\\\\p{Cc}]|[\\n\\t]|''|\\\\[\\P{Cc}])*')",
    '(?<name>`[A-Za-z0-9_](?:[A-Za-z0-9_ %().,+/*-]{0,62}[A-Za-z0-9_%)])?`)',
    '(?<operator><=>|<=|>=|<>|!=|[-+*/%=<>])',
    '(?<mark>[(),.])',
  ].join('|'),
  'uy',
);

const WORD_OPERATORS = new Set(['AND', 'OR', 'NOT', 'DIV', 'LIKE', 'IN', 'IS', 'BETWEEN', 'UNION', 'WHEN']);
const COMMENT = /--|\/\*|\*\//;

interface Token {
  kind: string;
  text: string;
}

/** Splits `sql` into tokens, or refuses it at the first letter that belongs to none. */
function* tokensOf(sql: string): Generator<Token> {
  for (let at = 0; at < sql.length; ) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(sql);
    if (!found) throw new RefusedSql('text', `"${[...sql.slice(at, at + 2)][0]}" is not allowed at position ${at + 1}`);
    at = TOKEN.lastIndex;
    const [kind, text] = Object.entries(found.groups!).find(([, value]) => value !== undefined)!;
    yield { kind, text: text! };
  }
}

const WORDS = new Set(['word', 'number', 'string', 'name']);

/** `N'x'`, `0x41`, `1UNION`, `'a''b'` in two strings: readers disagree about where one ends and the next begins. */
function refuseTouching(before: Token, { kind, text }: Token): void {
  if (WORDS.has(before.kind) && WORDS.has(kind)) throw new RefusedSql('text', `"${before.text}${text}" needs a blank`);
  const isComment = before.kind === 'operator' && kind === 'operator' && COMMENT.test(before.text + text);
  if (isComment) throw new RefusedSql('text', 'comments are not allowed; two signs need a blank between them');
}

/**
 * Fails closed: every letter of the statement has to belong to a token of a small alphabet.
 * @returns the statement without blanks around it and without one closing semicolon
 * @throws {RefusedSql} text, or statement when it does not begin with SELECT or WITH
 */
export function checkText(sql: string): string {
  const text = sql.trim().replace(/\s*;$/, '');
  if (text.length > MAX_LENGTH) throw new RefusedSql('text', `a statement has at most ${MAX_LENGTH} characters`);
  if (!/^(?:SELECT|WITH)\b/i.test(text)) throw new RefusedSql('statement', 'a statement begins with SELECT or WITH');
  let depth = 0;
  let operators = 0;
  let before: Token = { kind: 'blank', text: ' ' };
  for (const token of tokensOf(text)) {
    refuseTouching(before, token);
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (token.kind === 'operator' || WORD_OPERATORS.has(token.text.toUpperCase())) operators += 1;
    if (depth > MAX_DEPTH || depth < 0) throw new RefusedSql('text', 'the parentheses are too deep or do not match');
    if (operators > MAX_OPERATORS) throw new RefusedSql('text', 'the statement has too many conditions');
    if (token.kind === 'name' && COMMENT.test(token.text)) throw new RefusedSql('text', `${token.text} is not a name`);
    before = token;
  }
  return text;
}
