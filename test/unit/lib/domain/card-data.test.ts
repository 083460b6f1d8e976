import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCardData, withoutCardData } from '../../../../lib/domain/card-data.ts';
import { CARD_MASK } from '../../../../lib/domain/card-number.ts';
import { placedEvent } from '../../../helpers/orders.ts';

const CARD = '4111 1111 1111 1111';
const cleaned = (text: string): string => Buffer.from(withoutCardData(Buffer.from(text))).toString();
const find = (document: unknown): string | undefined => findCardData(document, JSON.stringify(document));

test('a card number is found wherever it stands in an event, and named by its place alone', () => {
  const placed = placedEvent({ key: 'k1' });
  assert.equal(find(placed), undefined);
  assert.equal(find({ ...placed, data: { ...placed.data, note: `charge ${CARD} 12/28` } }), '/data/note');
  assert.equal(find({ lines: [{ name: 'a' }, { name: 'card 4111-1111-1111-1111' }] }), '/lines/1/name');
  assert.equal(find({ amount: 4_111_111_111_111_111 }), '/amount');
  assert.equal(find({ '4111111111111111': 1 }), '');
  assert.equal(find({ payment: { cvv: '123' } }), '/payment/cvv');
});

test('numbers of machines are none: of carriers and providers, keys, hashes and ids', () => {
  const number = CARD.replaceAll(' ', '');
  const key = '00000000-4111-8111-8111-11111111111a:label:1';
  assert.equal(
    find({ tracking_no: number, provider_ref: number, op_key: key, idempotency_key: `k${number}` }),
    undefined,
  );
  const id = '41111111-1111-8116-8000-000000000000';
  assert.equal(find({ id, subject: `orders/${id}`, data: { order_id: id } }), undefined);
  assert.equal(find({ idempotency_key: number }), '/idempotency_key');
});

test('what is kept of an event has no card data, whatever the event is', () => {
  assert.equal(cleaned(`{"note":"${CARD}","cvv":"123","n":1}`), `{"note":"${CARD_MASK}","n":1}`);
  assert.equal(cleaned('{"note":"4111\\u00201111\\n1111\\n1111"}'), `{"note":"${CARD_MASK}"}`);
  assert.equal(cleaned(`{"note":"${CARD}`), `{"note":"${CARD_MASK}`);
  const deep = `${'['.repeat(200_000)}"${CARD}"${']'.repeat(200_000)}`;
  assert.ok(!cleaned(deep).includes('1111'));
});

test('everything else is kept byte for byte', () => {
  const bytes = Buffer.from([0xff, 0x00, ...Buffer.from(' 4111111111111112 {"a": 1}')]);
  assert.equal(withoutCardData(bytes), bytes);
  const broken = Buffer.from([0xff, ...Buffer.from(CARD), 0xfe]);
  const kept = Buffer.concat([Buffer.from([0xff]), Buffer.from(CARD_MASK), Buffer.from([0xfe])]);
  assert.deepEqual(withoutCardData(broken), kept);
});
