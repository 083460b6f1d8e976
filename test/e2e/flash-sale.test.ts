import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertEveryOrderEnded,
  assertSystemHeld,
  assertVerified,
  readRow,
  simulateResult,
} from '../helpers/acceptance.ts';
import { startTestStack } from '../helpers/stack.ts';

const UNITS = 1_000;
const BUYERS = Number(process.env.OMS_TEST_BUYERS ?? 20_000);
/** One of five orders of a flash sale wants something else. */
const ORDERS = Math.ceil(BUYERS * 1.265);

test(`${BUYERS} buyers of ${UNITS} units: exactly ${UNITS} are sold`, async (t) => {
  const stack = await startTestStack(t);
  await stack.json('seed', '--orders', '0', '--products', '1000');
  const load = ['--shape', 'flash-sale', '--orders', String(ORDERS), '--rate', '600', '--seed', '7'];
  // Nobody changes his mind, so that nothing comes back to be sold once more.
  const lives = ['--mix', 'none', '--time-scale', '1000000', '--until-done'];
  const result = simulateResult(await stack.run('simulate', ...load, ...lives, '--json'));
  t.diagnostic(JSON.stringify({ counts: result.counts, flash: result.flash_sale, ended_in_ms: result.ended_in_ms }));
  assertSystemHeld(result);
  const sku = result.flash_sale!.sku;
  assert.ok(result.flash_sale!.wanted >= BUYERS);
  const { sold, unsold } = await readRow<{ sold: number; unsold: number }>(
    stack,
    `SELECT (SELECT CAST(SUM(shipped_quantity) AS SIGNED) FROM order_items WHERE product_id = p.product_id) AS sold,
            (SELECT CAST(SUM(on_hand) AS SIGNED) FROM stock WHERE product_id = p.product_id) AS unsold
       FROM products p WHERE p.sku = ?`,
    [sku],
  );
  assert.deepEqual({ sold, unsold }, { sold: UNITS, unsold: 0 });
  await assertVerified(stack);
  await assertEveryOrderEnded(stack, ORDERS);
});
