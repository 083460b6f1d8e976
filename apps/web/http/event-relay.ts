import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Call, OrderApi } from '../api/order-api.ts';
import { readEvents, type ServerEvent } from './event-lines.ts';

export interface RelayRequest {
  /** Of the order API. */
  path: string;
  /** On whose behalf. */
  call: Call;
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

/** A stream of the order API that is open, and not answered with yet. */
export interface OpenRelay {
  /** Undefined when there is nothing more to tell. */
  stream: AsyncIterable<Uint8Array> | undefined;
  translate: RelayRequest['translate'];
  controller: AbortController;
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

  /** @throws {ApiProblem} when the order API has no stream to give */
  async open({ headers }: FastifyRequest, { path, call, translate }: RelayRequest): Promise<OpenRelay> {
    const controller = new AbortController();
    const lastEventId = headers['last-event-id'];
    const seen: Record<string, string> = typeof lastEventId === 'string' ? { 'last-event-id': lastEventId } : {};
    this.#open.add(controller);
    try {
      const stream = await this.#api.stream(path, { ...call, headers: seen, signal: controller.signal });
      return { stream, translate, controller };
    } catch (error) {
      this.#open.delete(controller);
      throw error;
    }
  }

  /** Answers with what was opened, until either side ends it. Nothing else may be sent on `reply` afterwards. */
  async answer(reply: FastifyReply, { stream, translate, controller }: OpenRelay): Promise<FastifyReply> {
    const response = reply.raw;
    const end = () => {
      this.#open.delete(controller);
      controller.abort();
    };
    if (!stream) {
      end();
      return reply.code(204).send();
    }
    reply.hijack();
    response.once('close', end);
    // The browser may have gone while the stream was opened: then nobody tells of it any more.
    if (response.destroyed) end();
    response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    await this.#pass(stream, response, { translate, signal: controller.signal }).catch(() => {});
    if (response.writableNeedDrain) response.destroy();
    else response.end(`retry: ${RETRY_MS}\n\n`);
    return reply;
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
