import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveName } from '../../../../../src/adapters/net/resolve.ts';

test('a name stands for its addresses, one that nobody knows for none', async () => {
  assert.ok((await resolveName('localhost')).some((address) => address === '127.0.0.1' || address === '::1'));
  // Not a name that DNS could be asked for: no answer of a server matters here.
  assert.deepEqual(await resolveName('shop..example'), []);
});
