import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { AmqpError } from '../../../../../apps/hub/amqp/errors.ts';
import { Authenticator, Claims } from '../../../../../apps/hub/protocol/auth.ts';

const KEY = { name: 'oms', key: 'secret' };
const NOW = 1_800_000_000_000;

/** A shared access signature as the SDKs make it. */
function sign(resource: string, expires: number, { name, key } = KEY): string {
  const sr = encodeURIComponent(resource);
  const sig = encodeURIComponent(createHmac('sha256', key).update(`${sr}\n${expires}`).digest('base64'));
  return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${expires}&skn=${name}`;
}

const auth = new Authenticator(KEY);
const later = NOW / 1000 + 60;
const verify = (token: string, entity = 'orders') => auth.verify(token, entity, NOW);

test('a good signature is taken for its entity and all below it, until it expires', () => {
  assert.equal(verify(sign('sb://localhost:5672/orders', later)), later * 1000);
  assert.equal(verify(sign('sb://localhost/Orders/', later), 'orders/partitions/0'), later * 1000);
  assert.equal(verify(sign('sb://localhost/', later), 'anything/at/all'), later * 1000);
});

const bad: Array<[string, string, RegExp]> = [
  ['expired', sign('sb://h/orders', NOW / 1000), /ExpiredToken/],
  ['signed with another key', sign('sb://h/orders', later, { name: 'oms', key: 'other' }), /InvalidSignature/],
  ['of another key name', sign('sb://h/orders', later, { name: 'root', key: 'secret' }), /InvalidSignature/],
  ['for another hub', sign('sb://h/other', later), /InvalidAudience/],
  ['for a hub whose name only starts the same', sign('sb://h/order', later), /InvalidAudience/],
  [
    'extended by its holder',
    sign('sb://h/orders', later).replace(`se=${later}`, `se=${later + 9}`),
    /InvalidSignature/,
  ],
  ['without an end', sign('sb://h/orders', later).replace(/&se=\d+/, ''), /MalformedToken/],
  ['with an end that is no number', sign('sb://h/orders', later).replace(/se=\d+/, 'se=soon'), /ExpiredToken/],
  ['of another kind', 'eyJhbGciOiJub25lIn0.e30.', /MalformedToken/],
  ['empty', '', /MalformedToken/],
  ['with broken URL encoding', 'SharedAccessSignature sr=%E0%A4%A&sig=x&se=1&skn=oms', /MalformedToken/],
];

for (const [what, token, reason] of bad) {
  test(`a token ${what} is refused`, () => {
    assert.throws(
      () => verify(token),
      (error) =>
        error instanceof AmqpError && error.condition === 'amqp:unauthorized-access' && reason.test(error.message),
    );
  });
}

test('no garbage makes it fail in another way than by refusing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.throws(() => verify(text), AmqpError);
      assert.throws(() => verify(`SharedAccessSignature ${text}`), AmqpError);
    }),
  );
});

test('without a key everything is taken', () => {
  const open = new Authenticator(null);
  assert.equal(open.required, false);
  assert.equal(open.verify('whatever', 'orders', NOW), Number.POSITIVE_INFINITY);
  assert.equal(open.acceptsPlain(null), true);
});

test('claims hold for their entity and what is below, and end', () => {
  const claims = new Claims();
  claims.grant('orders', NOW + 1000);
  assert.equal(claims.allows('orders/partitions/3', NOW), true);
  assert.equal(claims.allows('orders2', NOW), false);
  assert.equal(claims.allows('orders', NOW + 1000), false);
  claims.grant('orders', NOW + 5000);
  assert.equal(claims.allows('orders', NOW + 1000), true);
});
