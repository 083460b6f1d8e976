import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { ProblemBody } from '../../../apps/producer/http/problem-schema.ts';
import { deliveredOrder, shippedOrder } from '../../helpers/order-state.ts';
import { type FakeSender, ORDER, type ProducerTrial, startTrial } from '../../helpers/producer.ts';
import { type RawAnswer, sendRaw } from '../../helpers/raw-http.ts';

/** A text so many times. */
type Part = [text: string, times: number];

interface AttackCase {
  id: string;
  about: string;
  request: {
    /** The bytes of the whole request; otherwise it is put together from what follows. */
    raw?: Part[];
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    /** A good order with these members set, by JSON pointer. */
    order?: Record<string, unknown>;
    /** A text in the order's JSON to replace, for what JSON.stringify cannot write. */
    replace?: [from: string, to: string];
    body?: Part[];
    bodyBase64?: string;
    /** Idempotency-Key; null for none. */
    key?: string | null;
    slow?: boolean;
  };
  expect: {
    status: number[];
    code?: string;
    /** Pointer and code of the first of errors[]. */
    pointer?: string;
    fieldCode?: string;
    detail?: string;
    header?: [name: string, value: string];
    closes?: boolean;
    /** What no part of the answer may contain. */
    absent?: string;
    body?: unknown;
    /** Members of the event's data, by dotted path. */
    event?: Record<string, unknown>;
  };
}

const CASES: AttackCase[] = JSON.parse(
  readFileSync(new URL('../../fixtures/http-attack-cases.json', import.meta.url), 'utf8'),
);

const problemSchema = Compile(ProblemBody);

const textOf = (parts: Part[]): string => parts.map(([text, times]) => text.repeat(times)).join('');

function setAt(target: unknown, pointer: string, value: unknown): void {
  const names = pointer.split('/').slice(1);
  const last = names.pop()!;
  const parent = names.reduce((at, name) => (at as Record<string, unknown>)[name], target);
  (parent as Record<string, unknown>)[last] = value;
}

function orderText({ order, replace }: AttackCase['request']): string {
  const body = structuredClone(ORDER);
  for (const [pointer, value] of Object.entries(order ?? {})) setAt(body, pointer, value);
  const text = JSON.stringify(body);
  if (!replace) return text;
  assert.ok(text.includes(replace[0]), `${replace[0]} is not in the order`);
  return text.replace(...replace);
}

function bodyOf(request: AttackCase['request']): Buffer {
  if (request.order || request.replace) return Buffer.from(orderText(request));
  if (request.bodyBase64) return Buffer.from(request.bodyBase64, 'base64');
  return Buffer.from(textOf(request.body ?? []));
}

function bytesOf({ id, request }: AttackCase): Buffer {
  if (request.raw) return Buffer.from(textOf(request.raw));
  const body = bodyOf(request);
  const key = request.key === undefined ? `case-${id}` : request.key;
  const headers: Record<string, string> = {
    host: 'shop',
    ...(key !== null && request.method === 'POST' && { 'idempotency-key': key }),
    ...((request.order || request.replace) && { 'content-type': 'application/json' }),
    ...((body.length > 0 || request.headers?.['content-type']) && { 'content-length': String(body.length) }),
    ...request.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${request.method} ${request.path} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}

function checkProblem(answer: RawAnswer, { code, pointer, fieldCode, detail }: AttackCase['expect']): void {
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.ok(answer.body.length <= 2_048, `a problem of ${answer.body.length} bytes`);
  const problem = JSON.parse(answer.body);
  assert.equal(problem.status, answer.status);
  assert.deepEqual(problemSchema.Errors(problem), []);
  assert.doesNotMatch(answer.body, /node_modules|\.ts|SELECT|4111|at .*\(/);
  if (code) assert.equal(problem.code, code);
  if (pointer !== undefined) assert.equal(problem.errors?.[0]?.pointer, pointer);
  if (fieldCode) assert.equal(problem.errors[0].code, fieldCode);
  if (detail) assert.ok(problem.detail.includes(detail), problem.detail);
}

function checkEvent(sender: FakeSender, expected: Record<string, unknown>): void {
  const data = sender.events.at(-1)?.data;
  for (const [path, value] of Object.entries(expected)) {
    const found = path.split('.').reduce((at, name) => (at as Record<string, unknown>)[name], data as unknown);
    assert.deepEqual(found, value, path);
  }
}

async function check(trial: ProducerTrial, attack: AttackCase): Promise<void> {
  const { expect } = attack;
  const before = trial.sender.events.length;
  const answer = await sendRaw(trial.port, {
    bytes: bytesOf(attack),
    ...(attack.request.slow && { dripEveryMs: 20 }),
  });
  assert.ok(expect.status.includes(answer.status), `status ${answer.status}: ${answer.body}`);
  if (answer.status >= 400) checkProblem(answer, expect);
  if (expect.header) assert.equal(answer.headers.get(expect.header[0]), expect.header[1]);
  if (expect.closes) assert.ok(answer.closes, 'the connection stays open');
  if (expect.absent)
    assert.ok(![...answer.headers.values(), answer.body].some((text) => text.includes(expect.absent!)));
  if (expect.body) assert.deepEqual(JSON.parse(answer.body), expect.body);
  assert.equal(trial.sender.events.length - before, answer.status === 202 ? 1 : 0, 'events sent');
  if (expect.event) checkEvent(trial.sender, expect.event);
}

const STORED = new Map(
  [shippedOrder('00000000-0000-8000-8000-000000000001'), deliveredOrder('00000000-0000-8000-8000-000000000002')].map(
    (order) => [order.orderId, order],
  ),
);

test('every attack gets its answer, and orders go on', async (t) => {
  const orders = { state: async (id: string) => STORED.get(id), wasHandled: async () => false };
  const trial = await startTrial(t, { orders });
  // Only what is slow on purpose meets one that is in a hurry: on a busy machine a large request takes its time, too.
  const hasty = await startTrial(t, { orders, timeouts: { headersMs: 300, requestMs: 300, checkMs: 50 } });
  for (const attack of CASES) {
    const at = attack.request.slow ? hasty : trial;
    await t.test(`${attack.id}: ${attack.about}`, () => check(at, attack));
  }
  assert.equal((await trial.post(ORDER, 'afterwards')).status, 202);
  assert.equal(({} as { admin?: boolean }).admin, undefined);
});
