import { setTimeout as delay } from 'node:timers/promises';
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Pool } from 'undici';
import { ApiProblem, ProblemBody, unavailable } from './api-problem.ts';

/** The API's own deadline for reading is 1.8 s, and 5 s for handing an order to the hub. */
const READ_DEADLINE_MS = 2_500;
const WRITE_DEADLINE_MS = 7_000;
/** A question waits 8 s for a language model and twice 4 s for the database, at most. */
const QUERY_DEADLINE_MS = 18_000;
const CHECK_DEADLINE_MS = 900;

/** Before a request that was not answered is sent once more; a server that is being replaced is gone by then. */
const RETRY_PAUSE_MS = 150;

const GATEWAY_TROUBLE = new Set([502, 503, 504]);

/** Largest answer: a page of the catalogue, or an order with a hundred lines. */
const MAX_ANSWER = 2 * 1_024 * 1_024;

/** Who asks on whose behalf. */
export interface Call {
  /** W3C trace context of the page's request. */
  traceparent: string;
  /** What the caller has shown to be let in: passed on, and kept nowhere. */
  authorization?: string;
}

export interface Command extends Call {
  idempotencyKey: string;
  body: unknown;
}

interface Answer {
  status: number;
  retryAfter: number | undefined;
  body: unknown;
}

interface Sent {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  deadlineMs: number;
}

const validators = new WeakMap<TSchema, Validator>();

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema);
  if (known) return known;
  const made = Compile(schema);
  validators.set(schema, made);
  return made;
}

const seconds = (header: unknown): number | undefined =>
  typeof header === 'string' && /^\d{1,4}$/.test(header) ? Number(header) : undefined;

function toProblem({ status, retryAfter, body }: Answer): ApiProblem {
  if (!ProblemBody.Check(body)) {
    return new ApiProblem({ status, code: 'unknown', retryAfter }, `the order API answered ${status}`);
  }
  const { code, detail, errors, possible } = body;
  return new ApiProblem({ status, code, retryAfter }, detail, {
    ...(errors && { errors }),
    ...(possible && { possible }),
  });
}

/**
 * The order API over HTTP. Every answer is checked against a schema; every method rejects with an ApiProblem, of status
 * 503 when there was no answer in time or not the agreed one.
 */
export class OrderApi {
  readonly #pool: Pool;
  readonly #streams: Pool;
  readonly #prefix: string;

  /** @param url origin of the API, such as http://producer:8080 */
  constructor(url: string) {
    const { origin, pathname } = new URL(url);
    this.#pool = new Pool(origin, { connections: 64, connect: { timeout: 1_000 }, keepAliveTimeout: 10_000 });
    // A connection each, silent for as long as a heartbeat of the API takes, and then some.
    this.#streams = new Pool(origin, {
      connections: null,
      connect: { timeout: 1_000 },
      headersTimeout: 3_000,
      bodyTimeout: 45_000,
    });
    this.#prefix = pathname.replace(/\/$/, '');
  }

  /** A request that was not answered, or by a gateway that found nobody, is sent once more. */
  async get<S extends TSchema>(path: string, schema: S, call: Call): Promise<Static<S>> {
    const sent: Sent = { method: 'GET', path, headers: { ...call }, deadlineMs: READ_DEADLINE_MS };
    const first = await this.#send(sent).catch((error: Error) => error);
    if (!(first instanceof Error) && !GATEWAY_TROUBLE.has(first.status)) return this.#checked(first, schema);
    await delay(RETRY_PAUSE_MS);
    return this.#checked(await this.#send(sent), schema);
  }

  /** The key makes it one request however often it arrives; it is the person's to send it again. */
  async post<S extends TSchema>(
    path: string,
    schema: S,
    { traceparent, idempotencyKey, body }: Command,
  ): Promise<Static<S>> {
    const headers = { traceparent, 'idempotency-key': idempotencyKey, 'content-type': 'application/json' };
    const sent: Sent = { method: 'POST', path, headers, body: JSON.stringify(body), deadlineMs: WRITE_DEADLINE_MS };
    return this.#checked(await this.#send(sent), schema);
  }

  /** A question to the database, in a body; it changes nothing. */
  async query<S extends TSchema>(path: string, schema: S, { body, ...call }: Call & { body: unknown }) {
    const headers = { ...call, 'content-type': 'application/json' };
    const sent: Sent = { method: 'POST', path, headers, body: JSON.stringify(body), deadlineMs: QUERY_DEADLINE_MS };
    return this.#checked(await this.#send(sent), schema);
  }

  /**
   * Opens a stream of events. It is no part of the pool of requests: it stays open.
   * @param call.signal ends it
   * @returns undefined when there is nothing more to tell (204)
   */
  async stream(
    path: string,
    { headers, signal, ...call }: Call & { headers: Record<string, string>; signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    const response = await this.#streams
      .request({
        ...{ method: 'GET', path: this.#prefix + path, signal },
        headers: { ...headers, ...call, accept: 'text/event-stream' },
      })
      .catch((cause: Error) => {
        throw unavailable(`the order API did not answer: ${cause.message}`, cause);
      });
    if (response.statusCode === 200) return response.body;
    const answer = { status: response.statusCode, retryAfter: undefined, body: parsed(await response.body.text()) };
    if (answer.status === 204) return undefined;
    throw toProblem(answer);
  }

  /** Why the API cannot be reached; undefined when it answers. */
  async trouble(): Promise<string | undefined> {
    const sent: Sent = { method: 'GET', path: '/livez', headers: {}, deadlineMs: CHECK_DEADLINE_MS };
    return this.#send(sent).then(
      ({ status }) => (status === 200 ? undefined : `answers ${status}`),
      (error: Error) => error.message,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.destroy(), this.#streams.destroy()]);
  }

  #checked<S extends TSchema>(answer: Answer, schema: S): Static<S> {
    if (answer.status >= 400) throw toProblem(answer);
    const validator = validatorOf(schema);
    if (validator.Check(answer.body)) return answer.body as Static<S>;
    const [first] = validator.Errors(answer.body);
    throw unavailable(`not what was agreed: ${first?.instancePath} ${first?.message}`);
  }

  async #send({ method, path, headers, body, deadlineMs }: Sent): Promise<Answer> {
    try {
      const response = await this.#pool.request({
        ...{ method, path: this.#prefix + path },
        headers: { ...headers, accept: 'application/json' },
        signal: AbortSignal.timeout(deadlineMs),
        ...(body !== undefined && { body }),
      });
      if (Number(response.headers['content-length'] ?? 0) > MAX_ANSWER) throw new Error('the answer is too long');
      const text = await response.body.text();
      const { statusCode: status } = response;
      return { status, retryAfter: seconds(response.headers['retry-after']), body: parsed(text) };
    } catch (cause) {
      const { code, message } = cause as Error & { code?: unknown };
      // The code of a deadline that has passed is a number of the DOM's.
      throw unavailable(`the order API did not answer: ${typeof code === 'string' ? code : message}`, cause);
    }
  }
}

/** A gateway's own page of trouble is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
