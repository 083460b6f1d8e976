import type { FastifyRequest } from 'fastify';
import { containsCardNumber } from '../../../lib/domain/card-number.ts';
import { IDEMPOTENCY_KEY } from '../../../lib/domain/fields.ts';
import { Problem } from './problem.ts';

const HELP = { link: '</problems/idempotency_key_required>; rel="help"' };

/** A key that is nothing but a card number would be stored with the order. */
const isCardNumber = (key: string): boolean => /^[3-6][\d-]+$/.test(key) && containsCardNumber(key);

/**
 * The header Idempotency-Key; undefined when there is none.
 * @throws {Problem} when it has a form that no key has
 */
export function optionalIdempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') return undefined;
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) {
    throw new Problem('idempotency_key_malformed', 'the Idempotency-Key has characters that it may not have', {
      headers: HELP,
    });
  }
  if (isCardNumber(key)) throw new Problem('raw_card_forbidden', 'the Idempotency-Key looks like a card number');
  return key;
}

/** @throws {Problem} when there is no usable Idempotency-Key */
export function idempotencyKey(request: FastifyRequest): string {
  const key = optionalIdempotencyKey(request);
  if (key !== undefined) return key;
  throw new Problem('idempotency_key_required', 'the header Idempotency-Key is missing; see the link', {
    headers: HELP,
  });
}
