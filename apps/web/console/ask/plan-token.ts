import { deflateRawSync, inflateRawSync } from 'node:zlib';

const MAX_TOKEN = 4_096;
const MAX_PLAN = 16_384;

/** A plan as part of an address. */
export const tokenOf = (plan: object): string => deflateRawSync(JSON.stringify(plan)).toString('base64url');

/** The reverse of {@link tokenOf}; undefined for everything else. Whether it is a plan the order API says. */
export function planFrom(token: string): object | undefined {
  if (token === '' || token.length > MAX_TOKEN) return undefined;
  try {
    const text = inflateRawSync(Buffer.from(token, 'base64url'), { maxOutputLength: MAX_PLAN }).toString('utf8');
    const plan: unknown = JSON.parse(text);
    return typeof plan === 'object' && plan !== null ? plan : undefined;
  } catch {
    return undefined;
  }
}
