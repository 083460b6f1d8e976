import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceContext } from '../../../../lib/runtime/trace-context.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

test('a step of a known trace keeps its id and flags and has a span of its own', () => {
  const context = traceContext(PARENT);
  assert.equal(context.traceId, '0af7651916cd43dd8448eb211c80319c');
  assert.notEqual(context.spanId, 'b7ad6b7169203331');
  assert.equal(context.traceparent, `00-${context.traceId}-${context.spanId}-00`);
});

test('without a usable parent a new trace begins, never the same twice', () => {
  const zero = `00-${'0'.repeat(32)}-b7ad6b7169203331-01`;
  const parents = [undefined, '', 'nonsense', zero, `${PARENT}-more`, ...Array.from({ length: 500 }, () => undefined)];
  const contexts = parents.map((parent) => traceContext(parent));
  for (const { traceparent } of contexts) assert.match(traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.equal(new Set(contexts.map(({ traceId }) => traceId)).size, parents.length);
});
