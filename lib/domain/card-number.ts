/** Groups of digits with a blank or a dash or two between them, 13 digits or more in all. */
const DIGIT_RUN = /\d(?:[\s-]{0,2}\d){12,}/g;

/** Hashes and UUIDs have runs of digits that mean nothing; one in 600 would pass for a card by chance. */
const OPAQUE_ID = /^(?=.*[a-f])[0-9a-f-]{20,}$/i;

/** Also without a letter: so is one of ours in three million, and one of five of those would pass for a card by chance. */
const UUID = /\b([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\b/i;

/** A text in pieces: UUIDs at the odd places, what stands between them at the even ones. */
const aroundUuids = (text: string): string[] => text.split(UUID);

/** A hash shorter than that is known by its field as well: with letters in it nobody typed it. */
const HASH_FIELD = /_hash$/;
const HASH = /^(?=.*[a-f])[0-9a-f]{8,32}$/;

/** Names of fields that carry card data, however they are joined. */
const CARD_FIELD =
  /^(?:pan|card|cid|csc|pin|card[\s_-]*number|(?:card[\s_-]*)?(?:cvv2?|cvc2?|security[\s_-]*code)|pin[\s_-]*block|track[\s_-]*(?:1|2|data)?|magstripe|expiry(?:[\s_-]*date)?)$/i;

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const weighted = index % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** A card number is 13 to 19 digits, never begins with 0, and its last digit is a check digit. */
const isCardNumber = (digits: string): boolean =>
  digits.length >= 13 && digits.length <= 19 && !digits.startsWith('0') && passesLuhn(digits);

/** Whether a card number begins with the group at `from`: it may be followed by more digits, such as its expiry date. */
function cardNumberAt(groups: string[], from: number): boolean {
  let digits = '';
  for (let at = from; at < groups.length && digits.length <= 19; at += 1) {
    digits += groups[at];
    if (isCardNumber(digits)) return true;
  }
  return false;
}

function hasCardNumber(run: string): boolean {
  const groups = run.split(/[\s-]+/);
  return groups.some((_group, from) => cardNumberAt(groups, from));
}

/** Whether a text contains what may be a card number: 13 to 19 digits with a right check digit, blanks or dashes between. */
export function containsCardNumber(text: string): boolean {
  if (text.length < 13 || text.search(DIGIT_RUN) < 0 || OPAQUE_ID.test(text)) return false;
  return aroundUuids(text).some((part, at) => at % 2 === 0 && (part.match(DIGIT_RUN) ?? []).some(hasCardNumber));
}

/** What stands where a card number was taken out. */
export const CARD_MASK = '[card number removed]';

const masked = (part: string): string => part.replace(DIGIT_RUN, (run) => (hasCardNumber(run) ? CARD_MASK : run));

/** The text without its card numbers; what else is in a run of digits with one goes as well. */
export const maskCardNumbers = (text: string): string =>
  aroundUuids(text)
    .map((part, at) => (at % 2 === 0 ? masked(part) : part))
    .join('');

/** Whether a field of this name carries card data, whatever its value. */
export const isCardField = (name: string): boolean => CARD_FIELD.test(name);

/** Whether a field holds a hash, by its name and its value: its digits mean nothing. */
export const isHashField = (name: string, value: unknown): boolean =>
  HASH_FIELD.test(name) && typeof value === 'string' && HASH.test(value);
