import { createHmac, timingSafeEqual } from 'node:crypto';

/** Header of a signed webhook: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hexadecimal>`, as Stripe does it. */
export const SIGNATURE_HEADER = 'oms-signature';

/** A signature older or newer than this is refused. */
export const SIGNATURE_TOLERANCE_S = 300;

const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

const mac = (secret: string, seconds: number, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();

export function signWebhook(secret: string, body: Uint8Array, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000);
  return `t=${seconds},v1=${mac(secret, seconds, body).toString('hex')}`;
}

export type SignatureCheck = 'valid' | 'malformed' | 'wrong' | 'stale';

/** Compares in constant time, over the bytes as they came. */
export function checkSignature(secret: string, header: string, body: Uint8Array, nowMs: number): SignatureCheck {
  const match = FORM.exec(header);
  if (!match) return 'malformed';
  const seconds = Number(match[1]);
  if (!timingSafeEqual(mac(secret, seconds, body), Buffer.from(match[2]!, 'hex'))) return 'wrong';
  return Math.abs(nowMs / 1_000 - seconds) > SIGNATURE_TOLERANCE_S ? 'stale' : 'valid';
}
