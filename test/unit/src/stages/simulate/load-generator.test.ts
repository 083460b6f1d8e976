import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openOrderApi } from '../../../../../src/adapters/http/order-api.ts';
import { noCounts } from '../../../../../src/stages/simulate/counters.ts';
import { Latency } from '../../../../../src/stages/simulate/latency.ts';
import { LoadGenerator, type LoadOptions, type Settled } from '../../../../../src/stages/simulate/load-generator.ts';
import { planOrder } from '../../../../../src/stages/simulate/order-source.ts';
import { uniformSchedule } from '../../../../../src/stages/simulate/schedule.ts';
import { accept, type FakeAnswer, type Posted, startFakeProducer } from '../../../../helpers/fake-producer.ts';
import { until } from '../../../../helpers/until.ts';

const source = {
  size: undefined as number | undefined,
  order: (n: number) =>
    planOrder(n, `key-${n}`, {
      customer: `c-${n}`,
      channel: 'web',
      currency: 'USD',
      items: [{ sku: 'A', quantity: 1 }],
      ship_to: { country: 'FR' },
      payment: { method: 'card' },
    }),
};

async function generate(
  t: TestContext,
  answer: (posted: Posted) => Promise<FakeAnswer | undefined> | FakeAnswer | undefined,
  options: Partial<LoadOptions>,
) {
  const producer = await startFakeProducer(t, answer);
  const api = openOrderApi(producer.url, { connections: options.maxInFlight ?? 64, timeoutMs: 30_000 });
  t.after(() => api.close());
  const settled: Settled[] = [];
  const counts = noCounts();
  const accepted = new Latency();
  const reasons = new Map<string, number>();
  const generator = new LoadGenerator({
    source,
    schedule: uniformSchedule(200, 40),
    api,
    maxInFlight: 64,
    patienceMs: 60_000,
    counts,
    accepted,
    reasons,
    onSettled: (one) => settled.push(one),
    ...options,
  });
  return { generator, producer, settled, counts, accepted, reasons };
}

const never = new AbortController().signal;

test('coordinated omission: a server frozen for 300 ms shows in the latency of every order due meanwhile', async (t) => {
  // Answers are held from 200 ms to 500 ms of the run; 16 connections cannot carry the 150 orders due meanwhile.
  let firstAt: number | undefined;
  const freeze = async (posted: Posted) => {
    firstAt ??= performance.now();
    const at = performance.now() - firstAt;
    if (at >= 200 && at < 500) await sleep(500 - at);
    return accept(posted);
  };
  const { generator, counts, accepted, settled } = await generate(t, freeze, {
    schedule: uniformSchedule(500, 450),
    maxInFlight: 16,
  });
  await generator.send(never);
  await generator.drain(AbortSignal.timeout(30_000));

  assert.equal(counts.issued, 450, 'every order is issued, however long the server stood still');
  assert.equal(counts.missed, 0);
  assert.equal(settled.length, 450);
  const { p90, p99 } = accepted.percentiles;
  // 150 of 450 orders are due during the freeze, their waits spread evenly from 300 ms down to 0.
  assert.ok(p99! >= 270, `p99 ${p99} ms`);
  assert.ok(p90! >= 180, `p90 ${p90} ms`);
  assert.ok(counts.late >= 100, `${counts.late} orders were sent late, for want of connections`);
});

test('orders are sent when they are due, though no answer comes', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { generator, producer, counts } = await generate(t, (posted) => gate.promise.then(() => accept(posted)), {});
  await generator.send(never);
  assert.equal(counts.issued, 40);
  assert.equal(counts.accepted, 0);
  assert.equal(generator.open, 40);
  gate.resolve();
  await generator.drain(AbortSignal.timeout(30_000));
  assert.equal(counts.accepted, 40);
  assert.equal(producer.posts.length, 40);
});

test('what cannot be sent within the patience is missed, not sent for ever later', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { generator, counts, settled } = await generate(t, (posted) => gate.promise.then(() => accept(posted)), {
    maxInFlight: 2,
    patienceMs: 50,
  });
  await generator.send(never);
  gate.resolve();
  await generator.drain(AbortSignal.timeout(30_000));
  assert.equal(counts.asked, 40);
  assert.equal(counts.issued + counts.missed, 40);
  assert.ok(counts.missed >= 30, `${counts.missed} missed`);
  assert.equal(settled.length, counts.issued, 'a missed order is in no manifest');
});

test('a generator that stood still itself sends late what was due meanwhile, and gives nothing up', async (t) => {
  const { generator, counts } = await generate(t, accept, {
    schedule: uniformSchedule(1_000, 100),
    maxInFlight: 100,
    patienceMs: 50,
  });
  const sending = generator.send(never);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await sending;
  await generator.drain(AbortSignal.timeout(30_000));
  assert.deepEqual([counts.issued, counts.missed, counts.accepted], [100, 0, 100]);
});

test('an order without a final answer is posted again with its own key until it has one', async (t) => {
  const troubles: (FakeAnswer | undefined)[] = [undefined, { status: 503, headers: { 'retry-after': '0' } }];
  const { generator, producer, counts, settled, reasons } = await generate(
    t,
    (posted) => (posted.before < troubles.length ? troubles[posted.before] : accept(posted)),
    { schedule: uniformSchedule(1_000, 10) },
  );
  await generator.send(never);
  await generator.drain(AbortSignal.timeout(30_000));
  assert.equal(counts.accepted, 10);
  assert.equal(counts.resent, 20);
  assert.equal(counts.unknown, 0);
  assert.deepEqual(
    reasons,
    new Map([
      ['UND_ERR_SOCKET', 10],
      ['503', 10],
    ]),
  );
  assert.equal(new Set(producer.posts.map((post) => JSON.stringify([post.key, post.request]))).size, 10);
  assert.ok(settled.every((one) => one.outcome === 'accepted' && one.totalMinor === 1_000));
});

test('what stays without an answer to the end of the drain is unknown', async (t) => {
  const { generator, counts, settled } = await generate(t, () => undefined, { schedule: uniformSchedule(1_000, 5) });
  await generator.send(never);
  await generator.drain(AbortSignal.timeout(150));
  assert.deepEqual([counts.issued, counts.accepted, counts.unknown], [5, 0, 5]);
  assert.deepEqual(
    settled.map((one) => one.outcome),
    Array(5).fill('unknown'),
  );
  assert.equal(generator.open, 0);
});

test('a refusal is final and counted under its reason', async (t) => {
  const refuse = () => ({ status: 422, body: { code: 'unknown_sku' } });
  const { generator, counts, settled, reasons } = await generate(t, refuse, { schedule: uniformSchedule(1_000, 3) });
  await generator.send(never);
  await generator.drain(AbortSignal.timeout(30_000));
  assert.deepEqual([counts.failed, counts.resent], [3, 0]);
  assert.deepEqual(reasons, new Map([['422 unknown_sku', 3]]));
  assert.deepEqual(
    settled.map((one) => [one.outcome, one.reason]),
    Array(3).fill(['failed', '422 unknown_sku']),
  );
});

test('an order the API had taken before is accepted and counted as replayed', async (t) => {
  const replay = (posted: Posted) => ({ ...accept(posted), headers: { 'idempotent-replayed': 'true' } });
  const { generator, counts } = await generate(t, replay, { schedule: uniformSchedule(1_000, 4) });
  await generator.send(never);
  await generator.drain(AbortSignal.timeout(30_000));
  assert.deepEqual([counts.accepted, counts.replayed], [4, 4]);
});

test('a closed loop keeps so many under way and no more', async (t) => {
  const gate = Promise.withResolvers<void>();
  let underWay = 0;
  let most = 0;
  const answer = async (posted: Posted) => {
    most = Math.max(most, ++underWay);
    await gate.promise;
    underWay--;
    return accept(posted);
  };
  const { generator, counts } = await generate(t, answer, {
    source: { ...source, size: 60 },
    schedule: undefined,
    maxInFlight: 8,
  });
  const sent = generator.send(never);
  await until('as many as may be are under way', () => underWay === 8);
  assert.equal(counts.issued, 8);
  gate.resolve();
  await sent;
  await generator.drain(AbortSignal.timeout(30_000));
  assert.deepEqual([counts.asked, counts.issued, counts.accepted], [60, 60, 60]);
  assert.equal(most, 8);
});

test('an abort ends the sending at once and leaves what is under way to the drain', async (t) => {
  const abort = new AbortController();
  const answer = (posted: Posted) => {
    abort.abort();
    return accept(posted);
  };
  const { generator, counts } = await generate(t, answer, { schedule: uniformSchedule(100, 100_000) });
  await generator.send(abort.signal);
  await generator.drain(AbortSignal.timeout(30_000));
  assert.ok(counts.issued < 1_000);
  assert.equal(counts.accepted, counts.issued);
});
