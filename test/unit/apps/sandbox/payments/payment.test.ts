import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  authorize,
  capture,
  newPayment,
  refund,
  release,
  settle,
} from '../../../../../apps/sandbox/payments/payment.ts';
import { SCENARIOS, scenarioNameOf } from '../../../../../apps/sandbox/payments/scenarios.ts';
import { PAYMENT_METHODS } from '../../../../../lib/domain/fields.ts';
import { PAYMENT_FLOWS } from '../../../../../lib/domain/payment-methods.ts';

suite('scenarios', () => {
  test('every name is found by the end of a token, also where one ends in another', () => {
    for (const name of Object.keys(SCENARIOS)) assert.equal(scenarioNameOf(`tok_4711_${name}`), name);
  });

  test('any other token, and none, is good', () => {
    for (const token of [undefined, 'tok', 'soft', 'tok_visa']) assert.equal(scenarioNameOf(token), 'ok');
  });
});

test('whatever is asked in whatever order, the book adds up', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constantFrom('capture' as const, 'refund' as const),
      amount: fc.integer({ min: 0, max: 1_500 }),
    }),
    fc.record({ kind: fc.constantFrom('void' as const, 'collect' as const, 'chargeback' as const) }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(SCENARIOS)),
      fc.constantFrom(...PAYMENT_METHODS),
      fc.integer({ min: 1, max: 5 }),
      fc.array(step, { maxLength: 12 }),
      (scenario, method, requestNo, steps) => {
        const request = {
          ...{ order_id: 'o', currency: 'USD', attempt: 1, amount_minor: 1_000, method, token: `tok_${scenario}` },
          ...{ capture: PAYMENT_FLOWS[method] !== 'deferred', customer_ref: 'c', mfa_completed: false },
        };
        const payment = newPayment(request, 'k');
        const booked = { authorize: 0, capture: 0, void: 0, refund: 0, chargeback: 0 };
        const note = (decision: ReturnType<typeof capture> | undefined) => {
          if (decision?.entry) booked[decision.entry.kind] += decision.entry.amount;
        };
        note(authorize(payment, request, requestNo));
        for (const one of steps) {
          if (one.kind === 'capture') note(capture(payment, one.amount));
          else if (one.kind === 'refund') note(refund(payment, one.amount));
          else if (one.kind === 'void') note(release(payment));
          else note(settle(payment, one.kind));
        }
        assert.equal(booked.capture, payment.captured);
        assert.equal(booked.refund + booked.chargeback, payment.refunded);
        assert.ok(payment.amount >= payment.captured && payment.captured >= payment.refunded);
        assert.ok(booked.void === 0 || booked.capture === 0);
      },
    ),
  );
});
