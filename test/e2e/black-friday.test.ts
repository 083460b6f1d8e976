import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEveryOrderEnded, assertSystemHeld, assertVerified, simulateResult } from '../helpers/acceptance.ts';
import { startTestStack } from '../helpers/stack.ts';

const ORDERS = process.env.OMS_TEST_ORDERS ?? '20000';
/** A machine that holds more, or less, than the rate of a shape by default. */
const { OMS_TEST_RATE } = process.env;

test(`oms simulate --shape black-friday --orders ${ORDERS} --seed 7 && oms verify`, async (t) => {
  const stack = await startTestStack(t, OMS_TEST_RATE ? { OMS_SIMULATE_RATE: OMS_TEST_RATE } : {});
  await stack.json('seed', '--orders', '0', '--products', '1000');
  const run = await stack.run('simulate', '--shape', 'black-friday', '--orders', ORDERS, '--seed', '7', '--json');
  const result = simulateResult(run);
  const { counts, outcomes, sent_in_ms, drained_in_ms, ended_in_ms } = result;
  t.diagnostic(JSON.stringify({ counts, outcomes, sent_in_ms, drained_in_ms, ended_in_ms }));
  assertSystemHeld(result);
  assert.equal(counts.stored, Number(ORDERS));
  await assertVerified(stack);
  await assertEveryOrderEnded(stack, Number(ORDERS));
});
