import { isTimeZone } from '../../lib/query/time/zone.ts';
import { parsePath } from './azure-values.ts';
import { QuantityError, quoted } from './quantities.ts';

/** A flag that may come several times, each time with several values between commas. */
export const several = { multiple: true, multipleNonGreedy: true } as const;
export const each =
  <T>(parse: (text: string) => T) =>
  async (text: string) =>
    text.split(',').map((part) => parse(part.trim()));

/** Of a flag that takes a path: @param flag for the example of the error. */
export const file = (flag: string) => async (text: string) => parsePath(text, `${flag} ./file`);

/**
 * Address of an ACME server.
 * @throws {QuantityError}
 */
export function parseServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && !url.username && !url.hash) return text;
  throw new QuantityError(`expected an address beginning with https://, got ${quoted(text)}`);
}

/**
 * A reason in one line.
 * @throws {QuantityError} with an example
 */
export function parseWhy(text: string): string {
  const line = text.trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the reason is one line of the audit trail.
  if (line !== '' && line.length <= 300 && !/[\u0000-\u001f\u007f]/.test(line)) return line;
  throw new QuantityError(`expected one line of up to 300 characters; for example --why "prices of December"`);
}

/**
 * A time zone by its name in the IANA database.
 * @throws {QuantityError} with an example
 */
export function parseTimeZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new QuantityError(`expected the name of a time zone, got ${quoted(text)}; for example --timezone Europe/Paris`);
}

/**
 * A time of day, or "off" (null).
 * @throws {QuantityError} with an example
 */
export function parseBackupTime(text: string): string | null {
  if (text === 'off') return null;
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text;
  throw new QuantityError(`expected a time of day or off, got ${quoted(text)}; for example --backup-at 02:30`);
}

/**
 * The name of a release, such as r-0123456789ab.
 * @throws {QuantityError} with an example
 */
export function parseRelease(text: string): string {
  if (/^r-[0-9a-f]{12}$/.test(text)) return text;
  throw new QuantityError(`expected the name of a release, got ${quoted(text)}; for example --to r-0123456789ab`);
}

/**
 * Names of groups and of servers are written alike.
 * @throws {QuantityError} with an example
 */
export function parsePart(text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(text)) return text;
  throw new QuantityError(
    `expected web, app, data or the name of a server, got ${quoted(text)}; for example --only web`,
  );
}
