import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { suite, type TestContext, test } from 'node:test';
import { review } from '../../../../../src/stages/fraud/review.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const FIRST = '5a1c2a52-37c8-8f5e-9a8e-0b4c1f0d7e21';
const SECOND = '5a1c2a52-37c8-8f5e-9a8e-0b4c1f0d7e22';

interface Request {
  path: string | undefined;
  key: string | undefined;
  token: string | undefined;
  body: unknown;
}

/** A staff API that answers 202 to all but the paths it is given another status for. */
async function startStaffApi(t: TestContext, answers: Record<string, [status: number, detail: string]> = {}) {
  const requests: Request[] = [];
  const server = createServer(async (message: IncomingMessage, response) => {
    const { url: path, headers } = message;
    const key = headers['idempotency-key'] as string | undefined;
    requests.push({ path, key, token: headers.authorization, body: JSON.parse(await text(message)) });
    const [, answer] = Object.entries(answers).find(([part]) => path?.includes(part)) ?? [];
    response.writeHead(answer?.[0] ?? 202, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ detail: answer?.[1] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const staffContext = (folder: string) => {
  const context = quietContext(folder);
  return { ...context, settings: { ...context.settings, adminToken: 'secret' } };
};

const ask = (url: string, ...orderIds: string[]) => ({
  decision: 'approve' as const,
  orderIds,
  note: 'called',
  by: 'dana',
  url,
});

suite('review', () => {
  test('posts each decision with token, note and name', async (t) => {
    const { url, requests } = await startStaffApi(t);
    const { orders } = await review(ask(url, FIRST, SECOND), staffContext('.'));
    assert.deepEqual(
      orders.map(({ result }) => result),
      ['accepted', 'accepted'],
    );
    assert.deepEqual(
      requests.map(({ path }) => path),
      [FIRST, SECOND].map((id) => `/api/admin/orders/${id}/review/approve`),
    );
    assert.equal(requests[0]!.token, 'Bearer secret');
    assert.deepEqual(requests[0]!.body, { by: 'dana', note: 'called' });
  });

  test('the same decision has the same key, another one another', async (t) => {
    const { url, requests } = await startStaffApi(t);
    await review(ask(url, FIRST, FIRST, SECOND), staffContext('.'));
    const [first, again, second] = requests.map(({ key }) => key);
    assert.equal(again, first);
    assert.notEqual(second, first);
  });

  test('an order that cannot be decided on is said, the others go on', async (t) => {
    const { url } = await startStaffApi(t, { [FIRST]: [409, 'the order is confirmed'] });
    const { orders } = await review(ask(url, FIRST, SECOND), staffContext('.'));
    assert.deepEqual(orders, [
      { order_id: FIRST, result: 'refused', detail: 'the order is confirmed' },
      { order_id: SECOND, result: 'accepted', detail: null },
    ]);
  });

  test('a token that is not known ends it', async (t) => {
    const { url, requests } = await startStaffApi(t, { review: [401, 'who are you'] });
    await assert.rejects(review(ask(url, FIRST, SECOND), staffContext('.')), { code: 'refused', why: 'who are you' });
    assert.equal(requests.length, 1);
  });

  test('an API that is out of order is an outage', async (t) => {
    const { url } = await startStaffApi(t, { review: [503, 'the hub is away'] });
    await assert.rejects(review(ask(url, FIRST), staffContext('.')), { code: 'producer_unreachable' });
  });

  test("the local stack's token is not sent to another API", async (t) => {
    const folder = tempFolder(t);
    const { url, requests } = await startStaffApi(t);
    const context = quietContext(folder);
    const local = { producerUrl: 'http://127.0.0.1:9', adminToken: 'local secret' };
    const rest = ['databaseUrl', 'adminDatabaseUrl', 'askDatabaseUrl', 'hubHttpUrl', 'consumerHttpUrl', 'blobUrl'];
    const filler = Object.fromEntries(
      [...rest, 'eventHubConnectionString', 'sandboxUrl', 'pagesUrl'].map((name) => [name, 'x']),
    );
    context.machine.writeJson(`${folder}/endpoints.json`, { ...filler, ...local });
    await assert.rejects(review(ask(url, FIRST), context), { code: 'credential_missing' });
    assert.equal(requests.length, 0);
    context.machine.writeJson(`${folder}/endpoints.json`, { ...filler, ...local, producerUrl: url });
    await review(ask(url, FIRST), context);
    assert.equal(requests[0]!.token, 'Bearer local secret');
  });
});
