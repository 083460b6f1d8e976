import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type MessageFacts, render } from '../../../../../apps/notifier/messages/render.ts';
import { PLACEHOLDERS, TEXTS } from '../../../../../apps/notifier/messages/templates.ts';
import { TEMPLATES } from '../../../../../lib/process/notices.ts';
import { ORDER_ID } from '../../../../helpers/messages.ts';

const facts: MessageFacts = {
  orderId: ORDER_ID,
  currency: 'EUR',
  status: 'partially_shipped',
  totalMinor: 123_456,
  amountMinor: 1_050,
  returnId: 'return-1',
  parcels: [
    { carrier: 'swiftpost', trackingNo: 'SP1' },
    { carrier: 'parcelway', trackingNo: 'PW/2' },
  ],
};
const links = { order: 'https://shop.test/o/{order}', tracking: 'https://{carrier}.test/{tracking}?o={order}' };

suite('the texts of messages', () => {
  for (const template of TEMPLATES) {
    test(`${template}: nothing is left open, whatever is known`, () => {
      const bare = { ...facts, amountMinor: null, returnId: null, parcels: [] };
      for (const { subject, text } of [render(template, facts, links), render(template, bare, {})]) {
        assert.match(subject, /^[\x20-\x7e]{10,78}$/);
        assert.doesNotMatch(`${subject}${text}`, /[{}]|undefined|null|NaN/);
        assert.ok(text.trim().length > 40, text);
      }
    });
  }

  test('name only what there is', () => {
    const named = Object.values(TEXTS).flatMap(({ subject, body }) =>
      [subject, ...body].flatMap((part) => [...part.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)),
    );
    assert.deepEqual(new Set(named), new Set(PLACEHOLDERS));
  });
});

suite('a rendered message', () => {
  test('says what was bought for how much, and where to look', () => {
    const { subject, text } = render('order_confirmed', facts, links);
    assert.equal(subject, 'Your order 0A1B2C3D is confirmed');
    assert.match(text, /Total: €1,234\.56\./);
    assert.ok(text.endsWith(`You can see your order here:\nhttps://shop.test/o/${ORDER_ID}\n`));
  });

  test('lists parcels with an address for each; what goes into an address is escaped', () => {
    const { text } = render('order_shipped', facts, links);
    assert.match(text, /swiftpost SP1\nhttps:\/\/swiftpost\.test\/SP1\?o=0a1b/);
    assert.match(text, /parcelway PW\/2\nhttps:\/\/parcelway\.test\/PW%2F2\?/);
    assert.match(render('order_shipped', facts, {}).text, /swiftpost SP1\nparcelway PW\/2\n$/);
  });

  test('says what goes back', () => {
    assert.match(render('refunded', facts, links).text, /We have sent €10\.50 back to you/);
    assert.match(render('return_received', facts, links).text, /We refund €10\.50\.\n\nReturn number: return-1/);
  });

  test('leaves out a paragraph about what is not known', () => {
    assert.doesNotMatch(render('order_shipped', { ...facts, parcels: [] }, {}).text, /Where it is|see your order/);
  });
});
