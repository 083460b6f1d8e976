import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  assertEveryOrderEnded,
  assertSystemHeld,
  assertVerified,
  readRow,
  simulateResult,
} from '../helpers/acceptance.ts';
import { killIfThere } from '../helpers/kill.ts';
import { startTestStack, type TestStack } from '../helpers/stack.ts';
import { until } from '../helpers/until.ts';

/** Kills of each process; OMS_TEST_KILLS=5 for the long run. */
const KILLS = Number(process.env.OMS_TEST_KILLS ?? 1);
const SEED = Number(process.env.OMS_TEST_SEED ?? 42);
const ORDERS = Number(process.env.OMS_TEST_KILL_ORDERS ?? 4_000);
const TARGETS = ['hub', 'consumer', 'producer', 'database', 'sandbox', 'notifier'];
/** The random part of the test is when it kills: this long after the last one is back, */
const CALM_MS = { least: 300, most: 1_500 };
/** and whether another one goes with it. */
const SHARE_OF_PAIRS = 0.3;
/** A kill takes this long on average, until all is back and calm: the orders come while the processes go. */
const SECONDS_A_KILL = 4;

/** Lehmer's generator: the same seed kills in the same order after the same pauses. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const keyed = values.map((value) => ({ value, at: random() }));
  return keyed.sort((a, b) => a.at - b.at).map(({ value }) => value);
}

async function kill9(stack: TestStack, target: string): Promise<void> {
  const pid = await until(`${target} runs`, () => stack.pidOf(target), 30_000);
  killIfThere(pid);
  const isBack = () => ![undefined, pid].includes(stack.pidOf(target));
  await until(`${target} runs again`, isBack, 30_000);
}

suite('kill -9 under load', () => {
  test(`${TARGETS.join(', ')} ${KILLS} times each during ${ORDERS} orders: none lost, none doubled, every one ends`, async (t) => {
    const stack = await startTestStack(t);
    await stack.json('seed', '--orders', '0', '--products', '100');
    const random = randomFrom(SEED);
    const order = shuffled(Array.from({ length: KILLS }, () => TARGETS).flat(), random);

    const duration = `${order.length * SECONDS_A_KILL + 5}s`;
    const load = ['simulate', '--shape', 'black-friday', '--orders', String(ORDERS), '--duration', duration];
    const simulation = stack.run(...load, '--seed', String(SEED), '--json');
    const countOrders = () => readRow<{ stored: number }>(stack, 'SELECT COUNT(*) AS stored FROM orders');
    await until('orders come', async () => (await countOrders()).stored > 0, 30_000);
    while (order.length > 0) {
      await delay(CALM_MS.least + random() * (CALM_MS.most - CALM_MS.least));
      const targets = new Set(order.splice(0, random() < SHARE_OF_PAIRS ? 2 : 1));
      await Promise.all([...targets].map((target) => kill9(stack, target)));
      t.diagnostic(`killed ${[...targets].join(' and ')}`);
    }
    const result = simulateResult(await simulation);
    t.diagnostic(JSON.stringify(result.counts));
    const { unknown, lost, duplicated } = result.counts;
    assert.deepEqual({ unknown, lost, duplicated }, { unknown: 0, lost: 0, duplicated: 0 });
    assertSystemHeld(result);

    await assertVerified(stack, '--wait', '60s');
    await assertEveryOrderEnded(stack, result.counts.accepted);
  });
});
