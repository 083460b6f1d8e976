import { Pool } from 'undici';

/** An answer of the order API. */
export interface Answer {
  status: number;
  body: string;
  /** What Retry-After asks for. */
  retryAfterMs: number | undefined;
  /** The API had taken this order before (Idempotent-Replayed). */
  replayed: boolean;
}

/** A request with a body of JSON, or of what stands in for it. */
export interface ApiRequest {
  method: 'POST' | 'PUT';
  path: string;
  body: string | Buffer;
  /** The Idempotency-Key. */
  key: string;
  /** Of the staff. */
  token?: string | undefined;
}

/** Posts orders over kept-alive connections. */
export interface OrderApi {
  /** Calls `done` once: with the answer, or with the error that leaves the outcome unknown. Never throws. */
  post(order: { key: string; body: string }, done: (result: Answer | Error) => void): void;
  /** One request of any other kind; rejects when no answer comes. */
  request(request: ApiRequest): Promise<{ status: number; body: string }>;
  /** GET of a path of the same server. */
  get(path: string): Promise<{ status: number; body: string }>;
  close(): Promise<void>;
}

const header = (headers: Record<string, string | string[] | undefined>, name: string): string | undefined =>
  headers[name]?.toString();

function retryAfterMs(value: string | undefined): number | undefined {
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}

/** Collects one response. `dispatch` costs less per request than `request`, which makes a stream and promises. */
class Collector {
  private readonly done: (result: Answer | Error) => void;
  private readonly chunks: Buffer[] = [];
  private answer: Omit<Answer, 'body'> | undefined;

  constructor(done: (result: Answer | Error) => void) {
    this.done = done;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.answer = {
      status,
      retryAfterMs: retryAfterMs(header(headers, 'retry-after')),
      replayed: header(headers, 'idempotent-replayed') === 'true',
    };
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.done({ ...this.answer!, body: body.toString('utf8') });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.done(error);
  }
}

/**
 * @param options.connections how many requests can be under way; one connection carries one at a time
 * @param options.timeoutMs how long an answer may take
 */
export function openOrderApi(url: string, options: { connections: number; timeoutMs: number }): OrderApi {
  const pool = new Pool(new URL(url).origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.timeoutMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
  });
  return {
    post({ key, body }, done) {
      const headers = ['content-type', 'application/json', 'idempotency-key', key];
      try {
        pool.dispatch({ path: '/api/orders', method: 'POST', headers, body }, new Collector(done));
      } catch (error) {
        done(error as Error);
      }
    },
    async request({ method, path, body, key, token }) {
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      };
      const response = await pool.request({ path, method, headers, body });
      return { status: response.statusCode, body: await response.body.text() };
    },
    async get(path) {
      const response = await pool.request({ path, method: 'GET' });
      return { status: response.statusCode, body: await response.body.text() };
    },
    close: () => pool.destroy(),
  };
}
