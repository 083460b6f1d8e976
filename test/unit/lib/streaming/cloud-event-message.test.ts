import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toMessage } from '../../../../lib/streaming/cloud-event-message.ts';

const EVENT = {
  specversion: '1.0',
  id: '0'.repeat(8),
  source: '/shop/web',
  type: 'oms.order.placed.v1',
  subject: 'orders/1',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  partitionkey: 'order-1',
  data: { note: 'Grüße' },
} as const;

test('the body is the event as JSON, and its trace travels beside it under both names', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const message = toMessage({ ...EVENT, traceparent });
  assert.deepEqual(JSON.parse(message.body.toString()), { ...EVENT, traceparent });
  assert.equal(message.partitionKey, 'order-1');
  assert.deepEqual(message.properties, { 'Diagnostic-Id': traceparent, traceparent });
});

test('an event without a trace has no properties', () => {
  assert.equal(toMessage(EVENT).properties, undefined);
});
