import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { SendFailedError } from '../../../lib/streaming/send-errors.ts';
import { ORDER_ID, paymentFact, postSigned } from '../../helpers/facts.ts';
import { ORDER, SECRETS, startTrial } from '../../helpers/producer.ts';

/** Attacks of more than one request; what one order does under many equal requests is in order-api.test.ts (I05). */

const orderIdOf = async (answer: Response) => ((await answer.json()) as { order_id: string }).order_id;

test('I07: the same body with other blanks and another order of names is the same order', async (t) => {
  const trial = await startTrial(t);
  await trial.post(ORDER, 'k');
  const text = JSON.stringify(Object.fromEntries(Object.entries(ORDER).reverse()), null, 4);
  const again = await fetch(`${trial.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
    body: text,
  });
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [202, 'true']);
  assert.equal(trial.sender.events.length, 1);
});

test('I09: a key that is forgotten, here or by another instance, still names the same order and the same event', async (t) => {
  const [one, other] = [await startTrial(t), await startTrial(t)];
  const ids = [await orderIdOf(await one.post(ORDER, 'k')), await orderIdOf(await other.post(ORDER, 'k'))];
  assert.equal(ids[0], ids[1]);
  assert.equal(one.sender.events[0]!.id, other.sender.events[0]!.id);
});

test('I11: refused for now, then sent again: accepted once', async (t) => {
  const trial = await startTrial(t);
  trial.sender.hold = () => Promise.reject(new SendFailedError('no acknowledgement'));
  assert.equal((await trial.post(ORDER, 'k')).status, 503);
  trial.sender.hold = async () => {};
  assert.equal((await trial.post(ORDER, 'k')).headers.get('idempotent-replayed'), null);
  assert.equal((await trial.post(ORDER, 'k')).headers.get('idempotent-replayed'), 'true');
  assert.equal(trial.sender.events.length, 1);
});

test('I13: a thousand orders, each sent five times at once: a thousand events', async (t) => {
  const trial = await startTrial(t);
  const sendFiveTimes = (key: string) => Promise.all(Array.from({ length: 5 }, () => trial.post(ORDER, key)));
  for (let first = 0; first < 1_000; first += 50) {
    const keys = Array.from({ length: 50 }, (_none, index) => `k-${first + index}`);
    const answers = (await Promise.all(keys.map(sendFiveTimes))).flat();
    await Promise.all(answers.map((answer) => answer.text()));
    assert.deepEqual(
      answers.filter(({ status }) => status !== 202 && status !== 409),
      [],
    );
  }
  assert.equal(trial.sender.events.length, 1_000);
  assert.equal(new Set(trial.sender.events.map(({ data }) => data.order_id)).size, 1_000);
});

test('P03: a card number in a query, a header, a path or a body is in no line of the log', async (t) => {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const trial = await startTrial(t, { logger });
  const card = '4111111111111111';
  const headers = { 'user-agent': `shop ${card}`, 'x-card': card, referer: `https://shop/${card}` };
  const path = `${trial.url}/api/orders/${card}?card=${card}`;
  assert.equal((await fetch(path, { headers })).status, 400);
  assert.equal((await trial.post({ ...ORDER, note: card }, 'k', headers)).status, 422);
  trial.sender.hold = () => Promise.reject(new SendFailedError('no acknowledgement'));
  assert.equal((await trial.post(ORDER, 'k', headers)).status, 503);
  trial.sender.hold = () => Promise.reject(new Error('a bug'));
  assert.equal((await trial.post(ORDER, 'k', headers)).status, 500);
  assert.ok(lines.length > 0);
  assert.ok(!lines.some((line) => line.includes(card)));
});

test('P11: a webhook sent a hundred times, signed anew each time, is taken each time and is one event', async (t) => {
  const { url, sender } = await startTrial(t);
  const body = JSON.stringify({ events: [paymentFact()] });
  const now = Date.now();
  const post = (secondsAgo: number) =>
    postSigned(`${url}/hooks/psp`, body, { secret: SECRETS.psp, at: now - secondsAgo * 1_000 });
  const answers = await Promise.all(Array.from({ length: 100 }, (_none, index) => post(index)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.deepEqual([sender.events.length, new Set(sender.events.map(({ id }) => id)).size], [100, 1]);
});

test('P13: facts out of order are taken as they come, for their order to sort out', async (t) => {
  const { url, sender } = await startTrial(t);
  const late = paymentFact({ type: 'oms.payment.captured.v1', id: ORDER_ID });
  for (const fact of [late, paymentFact()]) {
    const body = JSON.stringify({ events: [fact] });
    assert.equal((await postSigned(`${url}/hooks/psp`, body, { secret: SECRETS.psp })).status, 200);
  }
  assert.deepEqual(
    sender.events.map(({ type, partitionkey }) => [type, partitionkey]),
    [
      ['oms.payment.captured.v1', ORDER_ID],
      ['oms.payment.authorized.v1', ORDER_ID],
    ],
  );
});
