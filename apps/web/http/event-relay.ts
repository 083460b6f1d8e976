import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OrderApi } from '../api/order-api.ts';
import { readEvents, type ServerEvent } from './event-lines.ts';

export interface RelayRequest {
  /** Of the order API. */
  path: string;
  headers?: Record<string, string>;
  /** What the browser gets for an event: one line; undefined when it is not for it. */
  translate: (event: ServerEvent) => string | undefined;
}

/** Browsers come again this soon when the way to the order API breaks. */
const RETRY_MS = 1_000;

/** A reader that takes nothing for this long is gone. */
const STUCK_MS = 60_000;

function toText({ event, id, retry }: ServerEvent, data: string | undefined): string {
  const hint = retry === undefined ? '' : `retry: ${retry}\n`;
  if (data === undefined) return hint === '' ? ':\n\n' : `${hint}\n`;
  return `${hint}${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}

/**
 * Passes streams of the order API on to browsers, event by event: what a browser does not take in time is not fetched
 * either, so nothing piles up here.
 */
export class EventRelay {
  readonly #api: OrderApi;
  readonly #open = new Set<AbortController>();

  constructor(app: FastifyInstance, api: OrderApi) {
    this.#api = api;
    app.addHook('preClose', async () => {
      for (const controller of this.#open) controller.abort();
    });
  }

  /** @throws {ApiProblem} when the order API has no stream to give; then nothing was answered yet */
  async answer(request: FastifyRequest, reply: FastifyReply, relay: RelayRequest): Promise<FastifyReply> {
    const { raw: response } = reply;
    const { signal } = this.#follow(response);
    const lastEventId = request.headers['last-event-id'];
    const stream = await this.#api
      .stream(relay.path, {
        traceparent: request.tracing.traceparent,
        headers: { ...relay.headers, ...(typeof lastEventId === 'string' && { 'last-event-id': lastEventId }) },
        signal,
      })
      .catch((error: unknown) => {
        if (!response.destroyed) throw error;
        return undefined;
      });
    if (!stream) return reply.code(204).send();
    reply.hijack();
    response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    await this.#pass(stream, response, { ...relay, signal }).catch(() => {});
    if (response.writableNeedDrain) response.destroy();
    else response.end(`retry: ${RETRY_MS}\n\n`);
    return reply;
  }

  /** From before the API is asked, so that a reader who goes meanwhile leaves nothing open. */
  #follow(response: ServerResponse): AbortController {
    const controller = new AbortController();
    this.#open.add(controller);
    response.once('close', () => {
      this.#open.delete(controller);
      controller.abort();
    });
    return controller;
  }

  /** @throws {Error} when the reader takes nothing, or has gone */
  async #pass(
    stream: AsyncIterable<Uint8Array>,
    response: ServerResponse,
    { translate, signal }: Pick<RelayRequest, 'translate'> & { signal: AbortSignal },
  ): Promise<void> {
    for await (const event of readEvents(stream)) {
      const isTaken = response.write(toText(event, event.event === '' ? undefined : translate(event)));
      if (!isTaken) await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(STUCK_MS)]) });
    }
  }
}
