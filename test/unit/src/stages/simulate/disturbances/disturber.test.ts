import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderIdFor } from '../../../../../../lib/domain/ids.ts';
import type { EventSender } from '../../../../../../lib/streaming/batching-sender.ts';
import { SendFailedError } from '../../../../../../lib/streaming/send-errors.ts';
import type { OrderApi } from '../../../../../../src/adapters/http/order-api.ts';
import type { ManifestEntry } from '../../../../../../src/stages/runs/manifest.ts';
import { BAD_EVENTS, BAD_REQUESTS } from '../../../../../../src/stages/simulate/disturbances/bad-input.ts';
import { disturbanceOf } from '../../../../../../src/stages/simulate/disturbances/choice.ts';
import { Disturber } from '../../../../../../src/stages/simulate/disturbances/disturber.ts';
import type { RunScope } from '../../../../../../src/stages/simulate/run-orders.ts';
import { ORDER } from '../../../../../helpers/producer.ts';

const unknownSku = BAD_REQUESTS.find(({ kind }) => kind === 'unknown_sku')!;
const clockSkew = BAD_EVENTS.find(({ kind }) => kind === 'clock_skew')!;

/** Sends bad input beside an order that was taken, until the run ends. @returns what is written down */
async function sendBeside(
  input: object,
  api: Partial<OrderApi>,
  hub: EventSender | undefined,
  end: AbortSignal,
  scope?: RunScope,
) {
  const disturbed = { duplicates: 0, badInput: 100, hasHub: hub !== undefined };
  const isBeside = (n: number) => Object.values(disturbanceOf(1, n, disturbed).bad ?? {}).includes(input);
  let n = 0;
  while (!isBeside(n)) n++;
  const lines: ManifestEntry[] = [];
  const disturber = new Disturber({
    ...{ api: api as OrderApi, hub, run: 'r', seed: 1, disturbed },
    productOf: (sku) => ({ sku, name: sku, price_minor: 1_000 }),
    writeDown: (line) => lines.push(line),
  });
  if (scope) disturber.start(scope);
  const order = { n, key: 'k', customer: ORDER.customer, orderId: orderIdFor(ORDER.customer, 'k'), hash: '' };
  disturber.settled({
    ...{ order: { ...order, body: JSON.stringify(ORDER) }, plannedMs: 0, outcome: 'accepted', totalMinor: 1 },
  });
  await disturber.finish(end);
  return lines;
}

type Answers = (() => Promise<{ status: number; body: string }>)[];

/** Sends one bad request to an API that gives these answers; what is written down, and the keys it came under. */
async function sendBad(answers: Answers, end = new AbortController().signal) {
  const keys: (string | undefined)[] = [];
  const request: OrderApi['request'] = ({ key }) => answers[Math.min(keys.push(key), answers.length) - 1]!();
  return { lines: await sendBeside(unknownSku, { request }, undefined, end), keys };
}

const refused = async () => ({ status: 422, body: '{"code":"unknown_sku"}' });
const cut = () => Promise.reject(new Error('read ECONNRESET'));
const busy = async () => ({ status: 503, body: '{"code":"hub_unavailable"}' });

test('a bad request without a final answer is sent again under its own key until it has one', async () => {
  const { lines, keys } = await sendBad([cut, busy, refused]);
  assert.deepEqual(
    lines.map(({ reason }) => reason),
    ['422 unknown_sku'],
  );
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
});

test('the end of the run ends that, and what came last is what is known', async () => {
  const { lines } = await sendBad([cut], AbortSignal.abort());
  assert.deepEqual(
    lines.map(({ reason }) => reason),
    ['read ECONNRESET'],
  );
});

test('an event that the hub has not taken is handed in again, and is no other one for that', async () => {
  const bodies: string[] = [];
  const send: EventSender['send'] = async ({ body }) => {
    if (bodies.push(body.toString()) < 3) throw new SendFailedError('the hub did not acknowledge within 2000 ms');
  };
  const lines = await sendBeside(clockSkew, {}, { send }, new AbortController().signal);
  assert.deepEqual(
    lines.map(({ outcome }) => outcome),
    ['accepted'],
  );
  assert.equal(bodies.length, 3);
  assert.equal(new Set(bodies).size, 1);
});

test('a database that is away proves nothing: it is asked once more', async () => {
  let asked = 0;
  const query = async () => (asked++ === 0 ? cut() : [[]]);
  const scope = { pool: { query }, startedAt: new Date() } as unknown as RunScope;
  await sendBeside(unknownSku, { request: refused }, undefined, new AbortController().signal, scope);
  assert.equal(asked, 3, 'one that failed; dead letters and orders');
});
