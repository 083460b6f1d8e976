import { createHmac, timingSafeEqual } from 'node:crypto';
import { AmqpError, Condition } from '../amqp/errors.ts';
import { entityPath } from './address.ts';

/** The key clients sign their tokens with. */
export interface AccessKey {
  name: string;
  key: string;
}

const unauthorized = (reason: string): AmqpError =>
  new AmqpError(Condition.unauthorized, `${reason}. Unauthorized access.`);

const equal = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Decides who is let in. Without a key everyone is, which is for development alone. */
export class Authenticator {
  readonly #key: AccessKey | null;

  constructor(key: AccessKey | null) {
    this.#key = key;
  }

  /** Whether links need a claim from $cbs. */
  get required(): boolean {
    return this.#key !== null;
  }

  /** @param response of SASL PLAIN: authorization id, 0, name, 0, key */
  acceptsPlain(response: Buffer | null): boolean {
    if (this.#key === null) return true;
    const [, name = '', key = ''] = (response ?? Buffer.alloc(0)).toString('utf8').split('\0');
    return name === this.#key.name && equal(key, this.#key.key);
  }

  /**
   * Checks a shared access signature (`SharedAccessSignature sr=..&sig=..&se=..&skn=..`) against an entity.
   * @returns when it expires, in milliseconds since 1970
   * @throws {AmqpError} unauthorized-access
   */
  verify(token: string, entity: string, nowMs: number): number {
    if (this.#key === null) return Number.POSITIVE_INFINITY;
    const fields = readSignature(token);
    const expiresMs = Number(fields.se) * 1000;
    if (!Number.isFinite(expiresMs) || expiresMs <= nowMs) throw unauthorized('ExpiredToken: The token is expired');
    const expected = createHmac('sha256', this.#key.key).update(`${fields.sr}\n${fields.se}`).digest('base64');
    if (fields.skn !== this.#key.name || !equal(expected, decodeURIComponent(fields.sig))) {
      throw unauthorized('InvalidSignature: The token has an invalid signature');
    }
    if (!covers(entityPath(decodeURIComponent(fields.sr)), entity)) {
      throw unauthorized(`InvalidAudience: The token is not for '${entity}'`);
    }
    return expiresMs;
  }
}

/** How a shared access signature begins. */
export const SIGNATURE_SCHEME = 'SharedAccessSignature ';

function readSignature(token: string): { sr: string; sig: string; se: string; skn: string } {
  if (!token.startsWith(SIGNATURE_SCHEME))
    throw unauthorized('MalformedToken: The token is not a shared access signature');
  const fields = Object.fromEntries(
    token
      .slice(SIGNATURE_SCHEME.length)
      .split('&')
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const { sr, sig, se, skn } = fields;
  if (!sr || !sig || !se || !skn || !isEncoded(sr) || !isEncoded(sig)) {
    throw unauthorized('MalformedToken: The token lacks a field or is not URL encoded');
  }
  return { sr, sig, se, skn: isEncoded(skn) ? decodeURIComponent(skn) : skn };
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a claim for `granted` holds for `entity`: the same entity, or one above it. */
const covers = (granted: string, entity: string): boolean =>
  granted === '' || granted === entity || entity.startsWith(`${granted}/`);

/** What one connection may use, and until when. */
export class Claims {
  readonly #expiry = new Map<string, number>();

  /** @param entity path without host, lower case */
  grant(entity: string, expiresMs: number): void {
    this.#expiry.set(entity, expiresMs);
  }

  allows(entity: string, nowMs: number): boolean {
    for (const [granted, expiresMs] of this.#expiry) if (expiresMs > nowMs && covers(granted, entity)) return true;
    return false;
  }
}
