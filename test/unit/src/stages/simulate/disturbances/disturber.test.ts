import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderIdFor } from '../../../../../../lib/domain/ids.ts';
import type { OrderApi } from '../../../../../../src/adapters/http/order-api.ts';
import type { ManifestEntry } from '../../../../../../src/stages/runs/manifest.ts';
import { BAD_REQUESTS } from '../../../../../../src/stages/simulate/disturbances/bad-input.ts';
import { disturbanceOf } from '../../../../../../src/stages/simulate/disturbances/choice.ts';
import { Disturber } from '../../../../../../src/stages/simulate/disturbances/disturber.ts';
import { ORDER } from '../../../../../helpers/producer.ts';

const disturbed = { duplicates: 0, badInput: 100, hasHub: false };
const unknownSku = BAD_REQUESTS.find(({ kind }) => kind === 'unknown_sku')!;

/** The number of an order beside which that request is sent. */
function orderBeside(request: object): number {
  for (let n = 0; ; n++) {
    const { bad } = disturbanceOf(1, n, disturbed);
    if (bad && 'request' in bad && bad.request === request) return n;
  }
}

type Answers = (() => Promise<{ status: number; body: string }>)[];

/** Sends one bad request to an API that gives these answers; what is written down, and the keys it came under. */
async function sendBad(answers: Answers, end = new AbortController().signal) {
  const lines: ManifestEntry[] = [];
  const keys: (string | undefined)[] = [];
  const request: OrderApi['request'] = ({ key }) => answers[Math.min(keys.push(key), answers.length) - 1]!();
  const disturber = new Disturber({
    ...{ api: { request } as OrderApi, hub: undefined, run: 'r', seed: 1, disturbed },
    productOf: () => assert.fail(),
    writeDown: (line) => lines.push(line),
  });
  const n = orderBeside(unknownSku);
  const order = { n, key: 'k', customer: ORDER.customer, orderId: orderIdFor(ORDER.customer, 'k'), hash: '' };
  disturber.settled({
    ...{ order: { ...order, body: JSON.stringify(ORDER) }, plannedMs: 0, outcome: 'accepted', totalMinor: 1 },
  });
  await disturber.finish(end);
  return { lines, keys };
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
