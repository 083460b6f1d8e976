/** A value of a flag that does not fit; the message names the range and an example, the caller adds the flag. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

const MOST_SHOWN = 60;

/** What somebody gave, for a message of one line: no control character, no more than a person reads. */
export function quoted(text: string): string {
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  return `"${shown.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?')}"`;
}

const COUNT = /^(\d{1,12})(?:\.(\d{1,3}))?([km]?)$/i;
const SCALE: Record<string, number> = { '': 1, k: 1_000, m: 1_000_000 };

/** "500", "5k", "2.5k", "1m" -> a whole number; undefined for anything else. */
function parseWhole(text: string): number | undefined {
  const match = COUNT.exec(text.trim());
  if (!match) return undefined;
  const value = Number(`${match[1]}.${match[2] ?? 0}`) * SCALE[match[3]!.toLowerCase()]!;
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * A whole number within bounds, "5k" meaning 5,000.
 * @throws {QuantityError} naming range and example
 */
export function parseCount(text: string, bounds: { min: number; max: number; unit: string; example: string }): number {
  const value = parseWhole(text);
  if (value !== undefined && value >= bounds.min && value <= bounds.max) return value;
  const range = `${bounds.min.toLocaleString('en-US')} to ${bounds.max.toLocaleString('en-US')}`;
  throw new QuantityError(`expected ${range} ${bounds.unit}, got ${quoted(text)}; for example ${bounds.example}`);
}

/**
 * One of a few words.
 * @throws {QuantityError} naming all of them and an example
 */
export function parseChoice<Choice extends string>(text: string, choices: readonly Choice[], example: string): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw new QuantityError(`expected ${choices.join(' or ')}, got ${quoted(text)}; for example ${example}`);
}

const DURATION = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/;
const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * "30s", "2m", "1.5h", "250ms" -> milliseconds.
 * @throws {QuantityError} naming range and example
 */
export function parseDuration(
  text: string,
  bounds: { minMs: number; maxMs: number; range: string; example: string },
): number {
  const match = DURATION.exec(text.trim());
  const ms = match ? Math.round(Number(match[1]) * UNIT_MS[match[2]!]!) : Number.NaN;
  if (ms >= bounds.minMs && ms <= bounds.maxMs) return ms;
  throw new QuantityError(`expected a duration of ${bounds.range}, got ${quoted(text)}; for example ${bounds.example}`);
}

/**
 * A positive decimal number within bounds.
 * @throws {QuantityError} naming range and example
 */
export function parseNumber(text: string, bounds: { min: number; max: number; unit: string; example: string }): number {
  const value = /^\d{1,9}(?:\.\d{1,6})?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return value;
  throw new QuantityError(
    `expected ${bounds.unit} from ${bounds.min} to ${bounds.max}, got ${quoted(text)}; for example ${bounds.example}`,
  );
}

/**
 * A moment in ISO 8601, or the beginning of a day in UTC; handed on as it was written.
 * @throws {QuantityError} with an example
 */
export function parseTime(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}(?:[T ]|$)/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new QuantityError(`expected a time in ISO 8601, got ${quoted(text)}; for example --now 2026-11-18T14:30:00Z`);
}

/**
 * "1=2": two units of line 1.
 * @throws {QuantityError} with an example
 */
export function parseLineUnits(text: string): { line: number; quantity: number } {
  const match = /^([1-9]\d{0,2})=([1-9]\d{0,2})$/.exec(text.trim());
  if (match) return { line: Number(match[1]), quantity: Number(match[2]) };
  throw new QuantityError(`expected LINE=UNITS, got ${quoted(text)}; for example --line 1=2`);
}

/**
 * The number of a dead letter.
 * @throws {QuantityError} with an example
 */
export function parseLetterId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text.trim())) return Number(text);
  throw new QuantityError(`expected the number of a dead letter, got ${quoted(text)}; for example oms dlq show 12`);
}
