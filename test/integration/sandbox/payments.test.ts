import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type HookReceiver, startHookReceiver } from '../../helpers/hook-receiver.ts';
import { readBook, SandboxOrder, startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';

const FAST = { time_scale: 1_000_000 };

/** A provider whose webhooks somebody takes. */
async function startProvider(t: TestContext): Promise<{ sandbox: TestSandbox; shop: HookReceiver }> {
  const shop = await startHookReceiver(t);
  return { shop, sandbox: await startTestSandbox(t, { hooksUrl: shop.url }) };
}

const kindsAndAmounts = async (sandbox: TestSandbox, order: SandboxOrder) =>
  (await readBook(sandbox, order.id)).map(({ kind, amount_minor }) => [kind, amount_minor]);

suite('the stand-in provider', () => {
  test('authorise, capture, refund in two parts: the book has each, under its own key', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    const authorized = await order.authorize('tok_ok');
    assert.equal(authorized.status, 'authorized');
    assert.match(authorized.provider_ref, /^pay_[0-9a-f]{24}$/);
    assert.deepEqual(await order.followUp('capture'), { ...authorized, status: 'captured' });
    assert.equal((await order.followUp('refund', 400)).status, 'refunded');
    assert.equal((await order.followUp('refund', 600)).status, 'refunded');
    const tooMuch = await order.followUp('refund', 1);
    assert.deepEqual([tooMuch.status, tooMuch.code], ['declined', 'exceeds_captured']);
    const book = await readBook(sandbox, order.id);
    assert.deepEqual(
      book.map(({ kind, key, amount_minor, currency, attempt }) => [kind, key, amount_minor, currency, attempt]),
      [
        ['authorize', order.key('authorize'), 1_000, 'USD', 1],
        ['capture', order.key('capture'), 1_000, 'USD', 1],
        ['refund', order.key('refund', 1), 400, 'USD', 1],
        ['refund', order.key('refund', 2), 600, 'USD', 1],
      ],
    );
  });

  test('what a capture may not do fails, and takes no money', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    await order.authorize();
    const codes = [(await order.followUp('capture', 1_001)).code];
    assert.equal((await order.followUp('void')).status, 'voided');
    codes.push((await order.followUp('capture')).code);
    assert.deepEqual(codes, ['exceeds_authorized', 'not_authorized']);
    assert.deepEqual(await kindsAndAmounts(sandbox, order), [
      ['authorize', 1_000],
      ['void', 1_000],
    ]);
  });

  test('a void says what has become of the payment when that is not void', async (t) => {
    const sandbox = await startTestSandbox(t);
    const [captured, declined] = [new SandboxOrder(sandbox), new SandboxOrder(sandbox)];
    await captured.authorize('tok_ok', { method: 'wallet', capture: true });
    await declined.authorize('tok_decline_funds');
    assert.equal((await captured.followUp('void')).status, 'captured');
    assert.equal((await declined.followUp('void')).status, 'declined');
  });

  test('a void that overtakes its authorisation wins', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    assert.equal((await order.followUp('void')).status, 'voided');
    assert.equal((await order.authorize('tok_ok')).status, 'voided');
    assert.deepEqual(await kindsAndAmounts(sandbox, order), [['void', 0]]);
  });

  test('a method without an authorisation of its own is captured by the same request', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    assert.equal((await order.authorize('tok_ok', { method: 'paypal', capture: true })).status, 'captured');
    assert.deepEqual(await kindsAndAmounts(sandbox, order), [['capture', 1_000]]);
  });

  test('the book comes in pages, in the order it was booked', async (t) => {
    const sandbox = await startTestSandbox(t);
    const orders = Array.from({ length: 7 }, () => new SandboxOrder(sandbox));
    for (const order of orders) await order.authorize();
    const book = await readBook(sandbox, undefined, 3);
    assert.deepEqual(
      book.map(({ order_id }) => order_id),
      orders.map(({ id }) => id),
    );
    assert.ok(book.every(({ cursor }, index) => index === 0 || cursor > book[index - 1]!.cursor));
  });
});

suite('what the end of a token stands for', () => {
  const declines: [token: string, code: string, soft: boolean][] = [
    ['tok_decline_funds', 'insufficient_funds', false],
    ['tok_decline_stolen', 'stolen_card', false],
  ];
  for (const [token, code, soft] of declines) {
    test(`${token}: declined each time it is asked for`, async (t) => {
      const order = new SandboxOrder(await startTestSandbox(t));
      for (let request = 1; request <= 3; request++) {
        const answer = await order.authorize(token);
        assert.deepEqual([answer.status, answer.code, answer.soft], ['declined', code, soft]);
      }
    });
  }

  test('_soft: declined softly once, _softer three times; every attempt to pay counts anew', async (t) => {
    const sandbox = await startTestSandbox(t);
    const statuses = async (token: string, attempt: number, order: SandboxOrder) => {
      const found = [];
      for (let request = 1; request <= 4; request++) {
        const { status, soft } = await order.authorize(token, { attempt });
        found.push(soft ? `${status} softly` : status);
      }
      return found;
    };
    const softly = 'declined softly';
    const order = new SandboxOrder(sandbox);
    assert.deepEqual(await statuses('tok_soft', 1, order), [softly, 'authorized', 'authorized', 'authorized']);
    assert.deepEqual(await statuses('tok_soft', 2, order), [softly, 'authorized', 'authorized', 'authorized']);
    const other = new SandboxOrder(sandbox);
    assert.deepEqual(await statuses('tok_softer', 1, other), [softly, softly, softly, 'authorized']);
  });

  test('_mfa: asks for the second factor until it was passed', async (t) => {
    const order = new SandboxOrder(await startTestSandbox(t));
    assert.equal((await order.authorize('tok_mfa')).status, 'requires_action');
    assert.equal((await order.authorize('tok_mfa', { mfa_completed: true })).status, 'authorized');
    assert.equal((await order.followUp('void', 1_000, 1)).status, 'voided');
  });

  test('_timeout_after_execute: booked, never answered, and the same key answers', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    const body = order.authorizeBody('tok_timeout_after_execute');
    await assert.rejects(sandbox.post('/psp/payments', order.key('authorize'), body), { message: 'fetch failed' });
    const again = await sandbox.post('/psp/payments', order.key('authorize'), body);
    assert.deepEqual([again.status, ((await again.json()) as { status: string }).status], [200, 'authorized']);
    assert.deepEqual(await kindsAndAmounts(sandbox, order), [['authorize', 1_000]]);
  });

  test('_slow: answers late', async (t) => {
    const order = new SandboxOrder(await startTestSandbox(t, { delays: { slowMs: 250, hangMs: 1 } }));
    const start = performance.now();
    assert.equal((await order.authorize('tok_slow')).status, 'authorized');
    assert.ok(performance.now() - start >= 249);
  });

  test('_capture_fails: the first capture fails, the next one takes the money', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    await order.authorize('tok_capture_fails');
    const failed = await order.followUp('capture');
    assert.deepEqual([failed.status, failed.code], ['capture_failed', 'processor_unavailable']);
    assert.equal((await order.followUp('capture')).status, 'captured');
    const captures = (await readBook(sandbox, order.id)).filter(({ kind }) => kind === 'capture');
    assert.deepEqual(
      captures.map(({ key }) => key),
      [order.key('capture', 2)],
    );
  });

  test('_chargeback: some time after the capture the bank takes the money back', async (t) => {
    const { sandbox, shop } = await startProvider(t);
    const order = new SandboxOrder(sandbox, FAST);
    await order.authorize('tok_chargeback');
    await order.followUp('capture');
    const [fact] = await shop.untilFacts(order.id, 1);
    assert.equal(fact?.type, 'oms.payment.charged_back.v1');
    assert.deepEqual(shop.faults, []);
    const entry = (await readBook(sandbox, order.id)).at(-1);
    assert.deepEqual([entry?.kind, entry?.key, entry?.amount_minor], ['chargeback', fact.id, 1_000]);
  });
});

suite('collect requests', () => {
  const COLLECT = { method: 'upi', capture: true } as const;

  test('answered later: pending first, then booked, told, and what the same key answers', async (t) => {
    const { sandbox, shop } = await startProvider(t);
    // Its customer takes 20 s: time to look at the book.
    const slow = new SandboxOrder(sandbox);
    assert.equal((await slow.authorize('tok_ok', COLLECT)).status, 'pending');
    assert.deepEqual(await readBook(sandbox, slow.id), []);

    const order = new SandboxOrder(sandbox, FAST);
    const body = order.authorizeBody('tok_ok', COLLECT);
    assert.equal((await order.authorize('tok_ok', COLLECT)).status, 'pending');
    const [fact] = await shop.untilFacts(order.id, 1);
    assert.equal(fact?.type, 'oms.payment.captured.v1');
    assert.deepEqual(shop.faults, []);
    const { attempt, op_key, amount_minor } = fact.data as Record<string, unknown>;
    assert.deepEqual([attempt, op_key, amount_minor], [1, order.key('authorize'), 1_000]);
    assert.deepEqual(await kindsAndAmounts(sandbox, order), [['capture', 1_000]]);
    const again = await sandbox.post('/psp/payments', order.key('authorize'), body);
    assert.equal(((await again.json()) as { status: string }).status, 'captured');
  });

  test('declined later, with the code of the token', async (t) => {
    const { sandbox, shop } = await startProvider(t);
    const order = new SandboxOrder(sandbox, FAST);
    assert.equal((await order.authorize('tok_decline_funds', COLLECT)).status, 'pending');
    const [fact] = await shop.untilFacts(order.id, 1);
    const { code, soft } = fact!.data as Record<string, unknown>;
    assert.deepEqual([fact?.type, code, soft], ['oms.payment.declined.v1', 'insufficient_funds', false]);
    assert.deepEqual(shop.faults, []);
    assert.deepEqual(await readBook(sandbox, order.id), []);
  });

  test('_collect_slow: voided while it waits, nothing is taken', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    const body = order.authorizeBody('tok_collect_slow', COLLECT);
    assert.equal((await order.authorize('tok_collect_slow', COLLECT)).status, 'pending');
    assert.equal((await order.followUp('void')).status, 'voided');
    const again = await sandbox.post('/psp/payments', order.key('authorize'), body);
    assert.equal(((await again.json()) as { status: string }).status, 'voided');
    assert.deepEqual(await kindsAndAmounts(sandbox, order), [['void', 0]]);
  });

  test('_collect_never is never answered, and can be voided', async (t) => {
    const { sandbox, shop } = await startProvider(t);
    const order = new SandboxOrder(sandbox, FAST);
    assert.equal((await order.authorize('tok_collect_never', COLLECT)).status, 'pending');
    const other = new SandboxOrder(sandbox, FAST);
    await other.authorize('tok_ok', COLLECT);
    await shop.untilFacts(other.id, 1);
    assert.equal((await order.followUp('void')).status, 'voided');
    assert.deepEqual(
      new Set(shop.facts.map(({ data }) => (data as { order_id: string }).order_id)),
      new Set([other.id]),
    );
  });
});
