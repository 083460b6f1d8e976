import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiRequest, OrderApi } from '../../../../../../src/adapters/http/order-api.ts';
import { Actions } from '../../../../../../src/stages/simulate/customers/actions.ts';
import type { Reaction } from '../../../../../../src/stages/simulate/customers/reactions.ts';
import { until } from '../../../../../helpers/until.ts';

/** An API that answers with these statuses in turn, the last one for ever; 0 is a cut connection. */
function startApi(...statuses: number[]) {
  const requests: ApiRequest[] = [];
  const request = async (asked: ApiRequest) => {
    requests.push(asked);
    const status = statuses[Math.min(requests.length, statuses.length) - 1]!;
    if (status === 0) throw new Error('socket hang up');
    return { status, body: '' };
  };
  return { requests, api: { request } as unknown as OrderApi };
}

const reaction: Reaction = { action: 'mfa', by: 'customer', path: '/api/orders/o-1/mfa', body: { a: 1 }, afterMs: 1 };

test('a request without a useful answer is made again with the same key', async () => {
  const { api, requests } = startApi(0, 503, 202);
  const actions = new Actions(api, 'secret');
  actions.schedule(reaction, 'key-1');
  await until('it is done', () => actions.open === 0);
  assert.deepEqual(actions.counts.get('mfa'), { done: 1, refused: 0, failed: 0 });
  assert.deepEqual(
    requests.map(({ key, token, path, body }) => [key, token, path, body]),
    Array.from({ length: 3 }, () => ['key-1', undefined, '/api/orders/o-1/mfa', '{"a":1}']),
  );
});

const FINAL = [
  { status: 202, outcome: 'done' },
  { status: 409, outcome: 'refused' },
  { status: 422, outcome: 'refused' },
  { status: 401, outcome: 'failed' },
] as const;

for (const { status, outcome } of FINAL) {
  test(`${status} is the last word: ${outcome}`, async () => {
    const { api, requests } = startApi(status);
    const actions = new Actions(api, 'secret');
    actions.schedule({ ...reaction, action: 'approve', by: 'staff' }, 'key-1');
    await until('it is settled', () => actions.counts.has('approve') && actions.open === 0);
    assert.equal(actions.counts.get('approve')?.[outcome], 1);
    assert.deepEqual(
      requests.map(({ token }) => token),
      ['secret'],
    );
  });
}

test('an outage is sat out for the better part of a minute, then it has failed', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { api } = startApi(503);
  const actions = new Actions(api, undefined);
  actions.schedule(reaction, 'key-1');
  let seconds = 0;
  for (; actions.open > 0; seconds++) {
    for (let part = 0; part < 4; part++) {
      t.mock.timers.tick(250);
      await new Promise(setImmediate);
    }
  }
  assert.deepEqual(actions.counts.get('mfa'), { done: 0, refused: 0, failed: 1 });
  assert.ok(seconds > 50 && seconds < 70, `${seconds} s`);
});

test('after the end nothing is asked any more', async () => {
  const { api, requests } = startApi(202);
  const actions = new Actions(api, undefined);
  actions.schedule({ ...reaction, afterMs: 3_600_000 }, 'key-1');
  actions.stop();
  actions.schedule(reaction, 'key-2');
  assert.deepEqual([actions.open, requests.length], [0, 0]);
});
