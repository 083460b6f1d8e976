import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Header of a signed webhook: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hexadecimal>`, as Stripe does it.
 * While a secret is being changed there is one `v1` for each; other versions (Stripe's `v0`) say nothing.
 */
export const SIGNATURE_HEADER = 'oms-signature';

/** A signature older or newer than this is refused. */
export const SIGNATURE_TOLERANCE_S = 300;

const FORM = /^t=(\d{1,12})((?:,v\d=[0-9a-f]{64}){1,8})$/;

const mac = (secret: string, seconds: number, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();

export function signWebhook(secret: string, body: Uint8Array, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000);
  return `t=${seconds},v1=${mac(secret, seconds, body).toString('hex')}`;
}

/** `mac` is the same for the same bytes and time, however the header is written. */
export type SignatureCheck = { verdict: 'valid'; mac: string } | { verdict: 'malformed' | 'wrong' | 'stale' };

/** Compares in constant time, over the bytes as they came. */
export function checkSignature(secret: string, header: string, body: Uint8Array, nowMs: number): SignatureCheck {
  const match = FORM.exec(header);
  const given = match ? [...match[2]!.matchAll(/,v1=(\w+)/g)] : [];
  if (!match || given.length === 0) return { verdict: 'malformed' };
  const seconds = Number(match[1]);
  const right = mac(secret, seconds, body);
  if (!given.some(([, digits]) => timingSafeEqual(right, Buffer.from(digits!, 'hex')))) return { verdict: 'wrong' };
  if (Math.abs(nowMs / 1_000 - seconds) > SIGNATURE_TOLERANCE_S) return { verdict: 'stale' };
  return { verdict: 'valid', mac: right.toString('hex') };
}
