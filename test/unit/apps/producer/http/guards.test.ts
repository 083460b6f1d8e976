import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptsJson } from '../../../../../apps/producer/http/guards.ts';

test('an Accept header leaves room for JSON, or it does not', () => {
  const yes = [undefined, '', '*/*', 'application/json', 'text/html, Application/JSON; q=0.5', 'application/*;q=0.1'];
  const no = ['application/xml', 'text/*', 'application/json;q=0', 'application/json; q=0.000, text/html'];
  for (const accept of yes) assert.equal(acceptsJson(accept), true, accept);
  for (const accept of no) assert.equal(acceptsJson(accept), false, accept);
});
