import { hasCardNumber } from '../../../lib/domain/card-data.ts';
import { maskCardNumbers } from '../../../lib/domain/card-number.ts';
import type { LetterWithBody } from './result.ts';

const MOST_LINES = 200;
const MOST_TEXT = 20_000;
const HEX_BYTES = 256;
const HEX_PER_LINE = 16;

/** What a terminal could take for a command, and what makes text look like other text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const spellOut = (text: string): string =>
  text.replace(UNSAFE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A card number in an event that was refused for it must not get onto a screen. */
const maskCards = (line: string): string => (hasCardNumber(line) ? maskCardNumbers(line) : line);

function cutLines(text: string): { text: string; cut: boolean } {
  const lines = text.slice(0, MOST_TEXT).split('\n');
  const shown = lines.slice(0, MOST_LINES).map((line) => maskCards(spellOut(line)));
  return { text: shown.join('\n'), cut: text.length > MOST_TEXT || lines.length > MOST_LINES };
}

function hexLine(bytes: Uint8Array, at: number): string {
  const part = Buffer.from(bytes.subarray(at, at + HEX_PER_LINE));
  const hex = (part.toString('hex').match(/../g) ?? []).join(' ').padEnd(HEX_PER_LINE * 3);
  return `${at.toString(16).padStart(6, '0')}  ${hex} ${part.toString('latin1').replace(/[^\x20-\x7e]/g, '.')}`;
}

function hexHead(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, HEX_BYTES); at += HEX_PER_LINE) lines.push(hexLine(bytes, at));
  return lines.join('\n');
}

/** A body as a person can read it and a terminal can bear it: indented JSON, else text, else its first bytes. */
export function showBody(bytes: Uint8Array): LetterWithBody['body'] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { form: 'hex', text: hexHead(bytes), cut: bytes.length > HEX_BYTES };
  }
  try {
    return { form: 'json', ...cutLines(JSON.stringify(JSON.parse(text), null, 2)) };
  } catch {
    return { form: 'text', ...cutLines(text) };
  }
}
