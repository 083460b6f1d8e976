import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { SimulateResult } from '../../src/stages/simulate/result.ts';
import type { VerifyResult } from '../../src/stages/verify/result.ts';
import { startTestStack, type TestStack } from '../helpers/stack.ts';
import { until } from '../helpers/until.ts';

/** Kills of each process; OMS_TEST_KILLS=5 for the long run. */
const KILLS = Number(process.env.OMS_TEST_KILLS ?? 1);
const SEED = Number(process.env.OMS_TEST_SEED ?? 42);
const RATE = 500;
const TARGETS = ['hub', 'consumer', 'producer', 'database'];
/** The random part of the test is when it kills: this long after the last one is back. */
const CALM_MS = { least: 300, most: 1_500 };

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
  process.kill(pid, 'SIGKILL');
  const isBack = () => ![undefined, pid].includes(stack.pidOf(target));
  await until(`${target} runs again`, isBack, 30_000);
}

suite('kill -9 under load', () => {
  test(`hub, consumer, producer, database ${KILLS} times each at ${RATE} orders/s: none lost, none doubled`, async (t) => {
    const stack = await startTestStack(t);
    await stack.json('seed', '--orders', '0', '--products', '100');
    const random = randomFrom(SEED);
    const order = shuffled(Array.from({ length: KILLS }, () => TARGETS).flat(), random);

    const duration = `${Math.ceil(order.length * 3.5) + 3}s`;
    const load = ['simulate', '--rate', String(RATE), '--duration', duration, '--drain-timeout', '60s', '--json'];
    const simulation = stack.run(...load);
    for (const target of order) {
      await delay(CALM_MS.least + random() * (CALM_MS.most - CALM_MS.least));
      await kill9(stack, target);
      t.diagnostic(`killed ${target}`);
    }
    const { result } = JSON.parse((await simulation).stdout) as { result: SimulateResult };
    t.diagnostic(JSON.stringify(result.counts));
    const { unknown, lost, duplicated } = result.counts;
    assert.deepEqual({ unknown, lost, duplicated }, { unknown: 0, lost: 0, duplicated: 0 });

    const verified = await stack.run('verify', '--wait', '60s', '--json');
    const { checks } = (JSON.parse(verified.stdout) as { result: VerifyResult }).result;
    assert.deepEqual(
      checks.filter((check) => check.result !== 'ok'),
      [],
    );
    assert.equal(verified.code, 0);
  });
});
