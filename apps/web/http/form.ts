import { randomUUID } from 'node:crypto';
import { IDEMPOTENCY_KEY } from '../../../lib/domain/fields.ts';

/** What a browser sent with a form, as text. */
export class Form {
  readonly #fields: Record<string, unknown>;

  constructor(body: unknown) {
    this.#fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  }

  /** Trimmed; empty when the field is missing. Of several fields of one name it is the last. */
  text(name: string): string {
    return this.texts(name).at(-1)?.trim() ?? '';
  }

  texts(name: string): string[] {
    const value = Object.hasOwn(this.#fields, name) ? this.#fields[name] : [];
    return [value].flat().filter((each): each is string => typeof each === 'string');
  }

  /** A whole number from 0 on, also an amount of money; undefined for everything else. */
  count(name: string): number | undefined {
    const text = this.text(name);
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  }

  /** The key that the form was made with; a new one when somebody has tampered with it. */
  key(): string {
    const key = this.text('key');
    return isKey(key) ? key : newKey();
  }
}

const KEY_PREFIX = 'web-';

/** Whether it is a key of ours. */
export const isKey = (text: string | undefined): text is string =>
  text !== undefined && IDEMPOTENCY_KEY.test(text) && text.startsWith(KEY_PREFIX);

/** For a hidden field: a form that is sent twice is one request. */
export const newKey = (): string => KEY_PREFIX + randomUUID();
