import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebhookBody } from '../../../lib/integration/webhook.ts';
import { signWebhook } from '../../../lib/integration/webhook-signature.ts';
import { SendFailedError } from '../../../lib/streaming/send-errors.ts';
import { ORDER_ID, paymentFact, postSigned, scanFact } from '../../helpers/facts.ts';
import { SECRETS, startTrial } from '../../helpers/producer.ts';

const bodyOf = (...events: WebhookBody['events']) => JSON.stringify({ events });
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

test('signed facts are with the hub when they are answered, in their order, keyed by their order', async (t) => {
  const { url, sender } = await startTrial(t);
  const body = bodyOf(paymentFact({ type: 'oms.payment.captured.v1', id: ORDER_ID }), paymentFact());
  const answer = await postSigned(`${url}/hooks/psp`, body, { secret: SECRETS.psp });
  assert.deepEqual([answer.status, await answer.json()], [200, { received: 2 }]);
  assert.deepEqual(
    sender.events.map(({ type, partitionkey }) => [type, partitionkey]),
    [
      ['oms.payment.captured.v1', ORDER_ID],
      ['oms.payment.authorized.v1', ORDER_ID],
    ],
  );
  const scanned = await postSigned(`${url}/hooks/carrier`, bodyOf(scanFact()), { secret: SECRETS.carrier });
  assert.equal(scanned.status, 200);
});

test('no signature, a wrong one, an old one, one of other bytes or for another hook: 401, and nothing is sent', async (t) => {
  const { url, sender } = await startTrial(t);
  const body = bodyOf(paymentFact());
  // The clock stands: on a busy machine what is two seconds too far in the future would be none by its turn.
  const now = Date.now();
  t.mock.timers.enable({ apis: ['Date'], now });
  const right = signWebhook(SECRETS.psp, Buffer.from(body), now);
  const refused = [
    ['none', body, null],
    ['malformed', body, 'v1=abc'],
    ['one digit wrong', body, right.slice(0, -1) + (right.endsWith('0') ? '1' : '0')],
    ['of other bytes', `${body} `, right],
    ['with another secret', body, signWebhook(SECRETS.carrier, Buffer.from(body), now)],
    ['stale', body, signWebhook(SECRETS.psp, Buffer.from(body), now - 301_000)],
    ['of the future', body, signWebhook(SECRETS.psp, Buffer.from(body), now + 302_000)],
    ['of another time', body, right.replace(/t=\d+/, `t=${Math.floor(now / 1_000) - 1}`)],
  ] as const;
  for (const [why, bytes, signature] of refused) {
    const answer = await postSigned(`${url}/hooks/psp`, bytes, { signature });
    assert.deepEqual([answer.status, await codeOf(answer)], [401, 'signature_invalid'], why);
  }
  assert.equal(sender.events.length, 0);
});

test('the same bytes with the same signature are taken once; signed anew they are the same event again', async (t) => {
  const { url, sender } = await startTrial(t);
  const body = bodyOf(paymentFact());
  const at = Date.now();
  const post = (secondsAgo: number) =>
    postSigned(`${url}/hooks/psp`, body, { secret: SECRETS.psp, at: at - secondsAgo * 1_000 });
  assert.equal((await post(0)).status, 200);
  assert.equal((await post(0)).status, 401);
  assert.equal((await post(1)).status, 200);
  assert.deepEqual(new Set(sender.events.map(({ id }) => id)).size, 1);
  assert.equal(sender.events.length, 2);
});

test('a signature that was taken is known again however it is written', async (t) => {
  const { url, sender } = await startTrial(t);
  const body = bodyOf(paymentFact());
  const right = signWebhook(SECRETS.psp, Buffer.from(body), Date.now());
  const another = `v1=${'0'.repeat(64)}`;
  const post = (signature: string) => postSigned(`${url}/hooks/psp`, body, { signature });
  assert.equal((await post(right)).status, 200);
  for (const again of [right.replace('t=', 't=0'), `${right},${another}`, right.replace('v1=', `${another},v1=`)]) {
    assert.equal((await post(again)).status, 401, again);
  }
  assert.equal(sender.events.length, 1);
});

test('one bad fact is named by its index, and none of them is sent', async (t) => {
  const { url, sender } = await startTrial(t);
  const post = (...events: WebhookBody['events']) =>
    postSigned(`${url}/hooks/psp`, bodyOf(...events), { secret: SECRETS.psp });
  for (const [bad, pointer] of [
    [paymentFact({ data: { currency: 'usd' } }), '/events/1/data/currency'],
    [scanFact(), '/events/1/type'],
    [{ ...paymentFact(), id: 'x' }, '/events/1/id'],
  ] as const) {
    const answer = await post(paymentFact(), bad);
    const problem = (await answer.json()) as { errors: { pointer: string }[] };
    assert.deepEqual([answer.status, problem.errors[0]!.pointer], [422, pointer]);
  }
  assert.equal((await post()).status, 422);
  assert.equal(sender.events.length, 0);
});

test('what the hub did not acknowledge is refused for now, and the same signature may come again', async (t) => {
  const { url, sender } = await startTrial(t);
  sender.hold = () => Promise.reject(new SendFailedError('no acknowledgement'));
  const options = { secret: SECRETS.carrier, at: Date.now() };
  const refused = await postSigned(`${url}/hooks/carrier`, bodyOf(scanFact()), options);
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
  sender.hold = async () => {};
  assert.equal((await postSigned(`${url}/hooks/carrier`, bodyOf(scanFact()), options)).status, 200);
});

test('a signature is checked before anything else; then the body has to be JSON of at most 1 MiB', async (t) => {
  const { url } = await startTrial(t);
  const post = (body: string, secret = SECRETS.psp) => postSigned(`${url}/hooks/psp`, body, { secret });
  assert.deepEqual(
    await Promise.all(
      [post('{'), post('{', 'another-secret-of-ours'), post('x'.repeat(1_048_577))].map(
        async (answer) => (await answer).status,
      ),
    ),
    [400, 401, 413],
  );
  const full = Array.from({ length: 1_000 }, (_none, index) =>
    paymentFact({ id: `00000000-0000-8000-8000-${String(index).padStart(12, '0')}` }),
  );
  assert.deepEqual(await (await post(bodyOf(...full))).json(), { received: 1_000 });
});

test('a hook without a secret does not exist', async (t) => {
  const { url } = await startTrial(t, { secrets: {} });
  for (const path of ['/hooks/psp', '/hooks/carrier', '/hooks/stripe', '/api/admin/orders', '/api/ingest/generic']) {
    assert.equal((await fetch(url + path, { method: 'POST' })).status, 404, path);
  }
});
