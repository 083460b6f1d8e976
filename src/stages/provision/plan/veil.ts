/** A value that must not be shown. Two of them can be compared; nothing gives the value back. */
export class Hidden {
  readonly #text: string;

  constructor(value: unknown) {
    this.#text = JSON.stringify(value) ?? 'null';
  }

  equals(other: Hidden): boolean {
    return this.#text === other.#text;
  }
}

/** A value that only Azure can give. */
export const UNKNOWN: unique symbol = Symbol('known after apply');

/** A value of a plan that is safe to be shown: what is sensitive or unknown has been replaced. */
export type Veiled =
  | null
  | string
  | number
  | boolean
  | Hidden
  | typeof UNKNOWN
  | readonly Veiled[]
  | { readonly [key: string]: Veiled };

/** The masks of one side of a change: true at every leaf, or whole part, that is hidden or unknown. */
interface Masks {
  sensitive: unknown;
  unknown: unknown;
}

/** Shorter texts are ordinary words far more often than secrets. */
const SHORTEST_SECRET = 8;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const at = (mask: unknown, key: string | number): unknown =>
  isObject(mask) ? (mask as Record<string | number, unknown>)[key] : undefined;

const below = (masks: Masks, key: string | number): Masks => ({
  sensitive: at(masks.sensitive, key),
  unknown: at(masks.unknown, key),
});

function collectStrings(value: unknown, into: Set<string>): void {
  if (typeof value === 'string' && value.length >= SHORTEST_SECRET) into.add(value);
  if (isObject(value)) for (const part of Object.values(value)) collectStrings(part, into);
}

/**
 * Adds every sensitive text of a value to `into`: Terraform forgets in some places what it hides in others, such as a
 * resource's own copy of a sensitive argument.
 */
export function collectSecrets(value: unknown, sensitive: unknown, into: Set<string>): void {
  if (sensitive === true) collectStrings(value, into);
  if (!isObject(sensitive) || !isObject(value)) return;
  for (const key of Object.keys(sensitive)) collectSecrets(at(value, key), at(sensitive, key), into);
}

/**
 * Replaces what is sensitive or unknown; everything downstream sees only what this returns.
 * @param secrets texts that are hidden wherever they stand.
 */
export function veil(value: unknown, masks: Masks, secrets: ReadonlySet<string>): Veiled {
  if (masks.unknown === true) return UNKNOWN;
  if (masks.sensitive === true) return new Hidden(value);
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return secrets.has(value) ? new Hidden(value) : value;
  if (Array.isArray(value)) return value.map((part, index) => veil(part, below(masks, index), secrets));
  if (!isObject(value)) return value as number | boolean;
  // Terraform leaves unknown attributes out of the value.
  const unknown = isObject(masks.unknown) ? Object.keys(masks.unknown) : [];
  const keys = new Set([...Object.keys(value), ...unknown.filter((key) => at(masks.unknown, key) === true)]);
  return Object.fromEntries([...keys].map((key) => [key, veil(value[key], below(masks, key), secrets)]));
}

/** Whether nothing is there: Terraform writes an absent block, list or text in any of these ways. */
export function isEmpty(value: Veiled | undefined): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (typeof value !== 'object' || value instanceof Hidden) return false;
  return Object.keys(value).length === 0;
}

/** Whether a value is an object with named parts, such as a block. */
export const isBlock = (value: Veiled | undefined): value is { readonly [key: string]: Veiled } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Hidden);

export const isList = (value: Veiled | undefined): value is readonly Veiled[] => Array.isArray(value);

/** Whether both are the same, hidden values included. */
export function isSame(one: Veiled | undefined, other: Veiled | undefined): boolean {
  if (isEmpty(one) && isEmpty(other)) return true;
  if (one instanceof Hidden || other instanceof Hidden) {
    return one instanceof Hidden && other instanceof Hidden && one.equals(other);
  }
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((part, index) => isSame(part, other[index]));
  }
  if (isBlock(one) && isBlock(other)) {
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => isSame(one[key], other[key]));
  }
  return one === other;
}
