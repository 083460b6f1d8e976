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
    const controller = new AbortController();
    const lastEventId = request.headers['last-event-id'];
    const stream = await this.#api.stream(relay.path, {
      traceparent: request.tracing.traceparent,
      headers: { ...relay.headers, ...(typeof lastEventId === 'string' && { 'last-event-id': lastEventId }) },
      signal: controller.signal,
    });
    if (!stream) return reply.code(204).send();
    reply.hijack();
    this.#open.add(controller);
    const response = reply.raw;
    response.once('close', () => {
      this.#open.delete(controller);
      controller.abort();
    });
    response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    await this.#pass(stream, reply, relay).catch(() => {});
    response.end(`retry: ${RETRY_MS}\n\n`);
    return reply;
  }

  async #pass(stream: AsyncIterable<Uint8Array>, { raw }: FastifyReply, { translate }: RelayRequest): Promise<void> {
    for await (const event of readEvents(stream)) {
      const isTaken = raw.write(toText(event, event.event === '' ? undefined : translate(event)));
      if (!isTaken && !raw.destroyed) await new Promise((resolve) => raw.once('drain', resolve).once('close', resolve));
    }
  }
}
