import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Type } from 'typebox';
import { ApiProblem } from '../../../../../apps/web/api/api-problem.ts';
import { OrderApi } from '../../../../../apps/web/api/order-api.ts';

const Answer = Type.Object({ n: Type.Integer() });
const call = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const command = { ...call, idempotencyKey: 'k', body: {} };

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** An API that answers one request after the other as told. */
async function open(t: TestContext, ...answers: ((response: ServerResponse) => unknown)[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.traceparent === call.traceparent}`);
    answers[asked.length - 1]?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = new OrderApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  t.after(async () => {
    await api.close();
    server.closeAllConnections();
    server.close();
  });
  return { api, asked };
}

const good = (response: ServerResponse) => json(response, 200, { n: 1 });
const cut = (response: ServerResponse) => response.destroy();
const problemOf = (promise: Promise<unknown>): Promise<ApiProblem> =>
  promise.then(
    () => assert.fail('it should have been refused'),
    (error) => (error instanceof ApiProblem ? error : assert.fail(String(error))),
  );

test('reading is tried once more when nobody answers, or a gateway has found nobody', async (t) => {
  const { api, asked } = await open(t, cut, good, (response) => response.writeHead(502).end('<html>'), good);
  assert.deepEqual(await api.get('/a', Answer, call), { n: 1 });
  assert.deepEqual(await api.get('/b', Answer, call), { n: 1 });
  assert.deepEqual(asked, ['GET /a true', 'GET /a true', 'GET /b true', 'GET /b true']);
});

test('writing is not sent twice: whether it arrived is not known', async (t) => {
  const { api, asked } = await open(t, cut);
  const { status, code } = await problemOf(api.post('/a', Answer, command));
  assert.deepEqual([status, code, asked.length], [503, 'api_unavailable', 1]);
});

test('what the API says of a refusal is kept, with when to come again', async (t) => {
  const body = { code: 'hub_busy', detail: 'later', errors: [{ pointer: '/x', code: 'c', message: 'm' }] };
  const { api } = await open(t, (response) => json(response, 503, body, { 'retry-after': '7' }));
  const problem = await problemOf(api.post('/a', Answer, command));
  assert.deepEqual(
    [problem.status, problem.code, problem.retryAfter, problem.errors[0]?.pointer],
    [503, 'hub_busy', 7, '/x'],
  );
});

test('an answer that was not agreed on is trouble, not a page', async (t) => {
  const { api } = await open(
    t,
    (response) => json(response, 200, { n: 'one' }),
    (response) => response.end('<html>'),
  );
  for (const path of ['/a', '/b']) assert.equal((await problemOf(api.get(path, Answer, call))).code, 'api_unavailable');
});

test('an API that says nothing in time is told apart by words, not by a number', async (t) => {
  const { api } = await open(t, () => {});
  assert.match((await api.trouble())!, /timeout/);
});
