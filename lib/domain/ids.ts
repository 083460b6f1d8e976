import { hash } from 'node:crypto';

/** Shapes the first 16 bytes of a hash as a UUID of version 8 (RFC 9562: custom content). */
function uuidOf(digest: Buffer): string {
  const bytes = digest.subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return uuidFromBytes(bytes);
}

function derive(...parts: string[]): string {
  return uuidOf(hash('sha256', parts.join('|'), 'buffer'));
}

/** 16 bytes -> "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx". */
export function uuidFromBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The reverse of {@link uuidFromBytes}. */
export function uuidToBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

export const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/**
 * The id of the order that a customer places with an Idempotency-Key. Derived, not drawn: a request sent again,
 * to whichever instance, names the same order without a shared store.
 */
export function orderIdFor(customerRef: string, idempotencyKey: string): string {
  return derive('oms.order', customerRef, idempotencyKey);
}

/** The id of the order.placed event of a request; the same request gives the same event. */
export function placedEventId(orderId: string, requestHash: string): string {
  return derive('oms.event.order.placed', orderId, requestHash);
}

/**
 * The id of the event that a request about an order gives rise to, from the request's Idempotency-Key: sent again, to
 * whichever instance, it is one event.
 */
export function commandEventId(orderId: string, command: string, idempotencyKey: string): string {
  return derive('oms.event.command', orderId, command, idempotencyKey);
}

/** The id of the return that a customer announces with an Idempotency-Key; it names the return for good. */
export function returnIdFor(orderId: string, idempotencyKey: string): string {
  return derive('oms.return', orderId, idempotencyKey);
}

/** The id of a fact that the stand-in provider or carrier reports: one fact, one id, however often it is sent. */
export function reportedFactId(reporter: string, subject: string, fact: string): string {
  return derive('oms.fact', reporter, subject, fact);
}

/** The id of the order.status_changed event of one step, so that publishing it twice is seen by its readers. */
export function statusEventId(orderId: string, version: number): string {
  return derive('oms.event.order.status_changed', orderId, String(version));
}

/** The id of the event that says that a product fell to its reorder point: once each time it does. */
export function stockAlertEventId(sku: string, warehouse: string, raisedAt: string): string {
  return derive('oms.event.stock.low', sku, warehouse, raisedAt);
}

/**
 * The id of the event that reports the answer to a request, from the request's idempotency key: an answer that is
 * published twice, or comes as a webhook as well, is one event.
 */
export function answerEventId(opKey: string, type: string): string {
  return derive('oms.event.answer', opKey, type);
}

/**
 * The id of the clock's word about an order or a return. The moment that was due is part of it, because an alarm is
 * set anew without any step of its order.
 */
export function timerEventId(type: string, subjectId: string, version: number, dueAtMs: number): string {
  return derive('oms.event.timer', type, subjectId, String(version), String(dueAtMs));
}

/** The id of the event that a count of an external inventory gives rise to: each count is applied once. */
export function countEventId(inventory: string, sku: string, warehouse: string, revision: string): string {
  return derive('oms.event.count', inventory, sku, warehouse, revision);
}
