import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { canonicalJson, requestHash } from '../../../../lib/domain/canonical.ts';
import { orderIdFor, statusEventId, uuidFromBytes, uuidToBytes } from '../../../../lib/domain/ids.ts';
import { nextOrderSequence, SEED_LANE } from '../../../../lib/domain/order-sequence.ts';

suite('ids', () => {
  test('the same customer and key name the same order, as a UUID of version 8', () => {
    const id = orderIdFor('c-1', 'key-1');
    assert.equal(orderIdFor('c-1', 'key-1'), id);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(orderIdFor('c-2', 'key-1'), id);
    assert.notEqual(statusEventId(id, 1), statusEventId(id, 2));
  });

  test('UUIDs survive their binary form', () => {
    const id = orderIdFor('c-1', 'key-1');
    assert.equal(uuidFromBytes(uuidToBytes(id)), id);
  });
});

suite('request hash', () => {
  test('key order and blanks do not count, values and their order do', () => {
    const a = JSON.parse('{ "b": [1, {"d": 2, "c": "x"}], "a": null }');
    const b = JSON.parse('{"a":null,"b":[1,{"c":"x","d":2}]}');
    assert.equal(canonicalJson(a), canonicalJson(b));
    assert.equal(requestHash(a), requestHash(b));
    assert.notEqual(requestHash([1, 2]), requestHash([2, 1]));
    assert.notEqual(requestHash({ a: '1' }), requestHash({ a: 1 }));
  });
});

suite('order sequence', () => {
  const now = Date.UTC(2026, 10, 21);

  test('grows within a lane, whatever the clock does, and stays below 2^53', () => {
    let last = 0;
    for (const at of [now, now, now, now, now, now, now - 3_600_000, now + 1]) {
      const next = nextOrderSequence(3, at, last);
      assert.ok(next > last && Number.isSafeInteger(next));
      last = next;
    }
  });

  test('lanes never meet, not even when one runs ahead of the clock', () => {
    const seen = new Set<number>();
    for (const lane of [0, 1, 2, SEED_LANE]) {
      let last = 0;
      for (let n = 0; n < 5_000; n++) {
        last = nextOrderSequence(lane, now + Math.floor(n / 100), last);
        seen.add(last);
      }
    }
    assert.equal(seen.size, 20_000);
  });
});
