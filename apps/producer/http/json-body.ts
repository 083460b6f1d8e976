import { isUtf8 } from 'node:buffer';
import { Problem } from './problem.ts';

const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d;

/** Where the string that begins at `at` ends; the end of the text if it does not. */
function endOfString(bytes: Buffer, at: number): number {
  let end = at + 1;
  while (end < bytes.length && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
  return end;
}

/** Looks at brackets outside of strings only, so that JSON.parse is never asked to build what nobody could walk. */
function refuseDepth(bytes: Buffer): void {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (isOpening(byte)) depth += 1;
    else if (isClosing(byte)) depth -= 1;
    if (depth > MAX_DEPTH) throw new Problem('json_depth', `the body is nested more than ${MAX_DEPTH} deep`);
  }
}

/** V8 says where it stopped in its message, except at the end of the text. */
function syntaxProblem(error: unknown, text: string): Problem {
  const match = /at position (\d+)/.exec(error instanceof Error ? error.message : '');
  const offset = match ? Number(match[1]) : text.length;
  return new Problem('json_syntax', `the body is not JSON: it breaks off or goes wrong at offset ${offset}`);
}

/**
 * Reads a request body.
 * @throws {Problem} body_required, body_encoding, json_depth or json_syntax (with the offset in characters)
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new Problem('body_required', 'the body is empty');
  if (!isUtf8(bytes)) throw new Problem('body_encoding', 'the body is not UTF-8');
  refuseDepth(bytes);
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw syntaxProblem(error, text);
  }
}
