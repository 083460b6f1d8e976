import { Pool } from 'undici';
import { OutcomeUnknownError, UnavailableError } from './performer.ts';

/** From handing a request over to the last byte of its answer. */
export const REQUEST_DEADLINE_MS = 5_000;

/** Requests that hang hold a connection each until their deadline; there are enough for the others. */
const CONNECTIONS = 256;

/** Answers are a few hundred bytes; an invoice or a page of HTML is none. */
const MAX_ANSWER_BYTES = 1_048_576;

/** The connection was never there, so that nothing was done. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** Turned away at the door: too many requests, or out of service. */
const TURNED_AWAY = new Set([429, 503]);

export interface PeerOptions {
  /** Who it is, for messages. */
  name: string;
  /** Sent with every request. */
  headers?: Record<string, string>;
  deadlineMs?: number;
}

export interface PeerRequest {
  method: 'GET' | 'POST';
  /** Below the base URL, with a leading slash. */
  path: string;
  /** Sent as Idempotency-Key. */
  key?: string;
  contentType?: string;
  body?: string;
}

export interface PeerAnswer {
  status: number;
  body: unknown;
}

/** A JSON interface over HTTP that is spoken to with kept connections. Redirects are never followed. */
export class HttpPeer {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #headers: Record<string, string>;
  readonly #deadlineMs: number;

  /** @param baseUrl may have a path, which goes before that of every request */
  constructor(baseUrl: string, { name, headers = {}, deadlineMs = REQUEST_DEADLINE_MS }: PeerOptions) {
    const url = new URL(baseUrl);
    this.#name = name;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#headers = { accept: 'application/json', ...headers };
    this.#deadlineMs = deadlineMs;
    this.#pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      maxResponseSize: MAX_ANSWER_BYTES,
      // One deadline covers the whole request.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * @returns an answer in JSON with a status of 2xx or 4xx
   * @throws {UnavailableError} for everything else: no connection, no answer in time, a redirect, a server error, HTML
   * @throws {OutcomeUnknownError} when `signal` ended it
   */
  async request(request: PeerRequest, signal: AbortSignal): Promise<PeerAnswer> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#deadlineMs);
    const end = () => late.abort();
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      return await this.#exchange(request, late.signal);
    } catch (error) {
      if (error instanceof OutcomeUnknownError) throw error;
      if (signal.aborted) throw new OutcomeUnknownError(`${this.#name}: given up because this process stops`);
      throw this.#unavailable(error as Error & { code?: string }, late.signal.aborted);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #exchange({ method, path, key, contentType, body }: PeerRequest, signal: AbortSignal): Promise<PeerAnswer> {
    const headers: Record<string, string> = { ...this.#headers };
    if (key !== undefined) headers['idempotency-key'] = key;
    if (body !== undefined) headers['content-type'] = contentType ?? 'application/json';
    const response = await this.#pool.request({
      method,
      path: this.#prefix + path,
      headers,
      body: body ?? null,
      signal,
    });
    const text = await response.body.text();
    return { status: response.statusCode, body: this.#read(response.statusCode, text) };
  }

  #read(status: number, text: string): unknown {
    const untouched = TURNED_AWAY.has(status);
    if (untouched || status >= 500 || status < 200 || (status >= 300 && status < 400)) {
      throw new UnavailableError(`${this.#name} answered ${status}`, { untouched, status });
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new UnavailableError(`${this.#name} answered ${status} with something that is no JSON`, {
        status,
        cause: error,
      });
    }
  }

  #unavailable(error: Error & { code?: string }, late: boolean): UnavailableError {
    if (late) return new UnavailableError(`${this.#name} did not answer within ${this.#deadlineMs} ms`);
    return new UnavailableError(`${this.#name}: ${error.code ?? error.message}`, {
      untouched: NEVER_LEFT.has(error.code ?? ''),
      cause: error,
    });
  }
}
