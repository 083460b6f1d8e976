import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Form, newKey } from '../../../../../apps/web/http/form.ts';
import { isOwn } from '../../../../../apps/web/http/same-origin.ts';

test('a request is our own by what the browser says of it, or by its origin where it says nothing', () => {
  const from = (headers: Record<string, string>) => isOwn({ headers: { host: 'shop.test', ...headers } });
  assert.equal(from({ 'sec-fetch-site': 'same-origin' }), true);
  assert.equal(from({ 'sec-fetch-site': 'same-site', origin: 'https://shop.test' }), false);
  assert.equal(from({ 'sec-fetch-site': 'cross-site' }), false);
  assert.equal(from({ origin: 'https://shop.test' }), true);
  assert.equal(from({ origin: 'https://evil.test' }), false);
  assert.equal(from({ origin: 'null' }), false);
  assert.equal(from({}), true);
});

test('a form gives text, whatever was sent', () => {
  const form = new Form({ a: ' x ', b: ['1', '2'], c: { d: 1 }, n: '12', m: '-1' });
  assert.deepEqual([form.text('a'), form.text('b'), form.text('c'), form.text('toString')], ['x', '2', '', '']);
  assert.deepEqual(
    [form.texts('b'), form.count('n'), form.count('m'), form.count('a')],
    [['1', '2'], 12, undefined, undefined],
  );
  assert.equal(new Form(undefined).text('a'), '');
});

test('the key of a form is kept, unless it is none of ours', () => {
  const key = newKey();
  assert.equal(new Form({ key }).key(), key);
  for (const bad of ['', 'shopify:1', 'web-\n', `web-${'x'.repeat(200)}`])
    assert.notEqual(new Form({ key: bad }).key(), bad);
});
