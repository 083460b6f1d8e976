import { containsCardNumber, isCardField, isHashField, maskCardNumbers } from './card-number.ts';

/** Numbers of carriers and providers, made by machines: one in ten passes the check of a card number by chance. */
export const FOREIGN_NUMBERS: readonly string[] = ['tracking_no', 'provider_ref', 'label_url', 'carrier_event_id'];

/** Hashes and UUIDs within a text, keys made of them included. */
const ID_TOKENS = /[0-9a-f-]{20,}/gi;
const withoutIds = (text: string): string => text.replace(ID_TOKENS, (token) => (/[a-f]/i.test(token) ? ' ' : token));

/** A key of digits and dashes alone could be a card number; in any other a run of digits is none. */
export const isOpaqueKey = (name: string, value: unknown): boolean =>
  name === 'idempotency_key' && typeof value === 'string' && !/^[3-6][\d-]+$/.test(value);

const isForeign = (name: string, value: unknown): boolean =>
  FOREIGN_NUMBERS.includes(name) || isHashField(name, value) || isOpaqueKey(name, value);

/** Whether a text contains what may be a card number, hashes and UUIDs within it left aside. */
export const hasCardNumber = (text: string): boolean => containsCardNumber(withoutIds(text));

/** Takes card data out of one JSON document and remembers where it was. */
class Cleaner {
  /** JSON pointers of what was taken out; never the value. */
  readonly found: string[] = [];

  clean(value: unknown, pointer: string): unknown {
    if (typeof value === 'string' || typeof value === 'number') return this.#cleanText(value, pointer);
    if (Array.isArray(value)) return value.map((item, index) => this.clean(item, `${pointer}/${index}`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => this.#member(name, member, pointer)));
  }

  #cleanText(value: string | number, pointer: string): string | number {
    if (!hasCardNumber(String(value))) return value;
    this.found.push(pointer);
    return maskCardNumbers(String(value));
  }

  #member(name: string, member: unknown, pointer: string): [string, unknown][] {
    if (isForeign(name, member)) return [[name, member]];
    if (isCardField(name) && typeof member !== 'object') {
      this.found.push(`${pointer}/${name}`);
      return [];
    }
    // The name is not repeated: it may be the number.
    const known = this.#cleanText(name, pointer) as string;
    return [[known, this.clean(member, `${pointer}/${known}`)]];
  }
}

const LONG_NUMBER = /\d(?:[\s-]{0,2}\d){12}/;
const CARD_NAME = /"(?:pan|card|cid|csc|cvv2?|cvc2?|security|pin|track|magstripe|expiry)[\w\s-]{0,20}"\s*:/i;

/** Whether it is worth looking: a long number, an escape that could hide one, or the name of a field of card data. */
const isSuspicious = (text: string): boolean => text.includes('\\') || LONG_NUMBER.test(text) || CARD_NAME.test(text);

/**
 * Where a JSON document has what may be card data, as a pointer; undefined when nowhere.
 * @param text the document as it came, looked at first
 */
export function findCardData(document: unknown, text: string): string | undefined {
  if (!isSuspicious(text)) return undefined;
  const cleaner = new Cleaner();
  cleaner.clean(document, '');
  return cleaner.found[0];
}

/** The same bytes, or without what may be card data: whatever they are, JSON or not. */
export function withoutCardData(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // One character a byte, so that what is no text stays as it is.
  const latin1 = buffer.toString('latin1');
  if (!isSuspicious(latin1)) return bytes;
  try {
    const cleaner = new Cleaner();
    const cleaned = cleaner.clean(JSON.parse(buffer.toString()), '');
    return cleaner.found.length > 0 ? Buffer.from(JSON.stringify(cleaned)) : bytes;
  } catch {
    // No JSON, or nested deeper than anything of ours.
    return hasCardNumber(latin1) ? Buffer.from(maskCardNumbers(latin1), 'latin1') : bytes;
  }
}
