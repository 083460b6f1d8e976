import type { ServerResponse } from 'node:http';

/** One event of a stream (HTML living standard, server-sent events). */
export interface StreamEvent {
  event: string;
  /** One line of JSON. */
  data: string;
  /** What the browser says it has seen when it comes again. */
  id?: string;
}

const toText = ({ event, data, id }: StreamEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;

const retryLine = (ms: number): string => `retry: ${Math.round(ms)}\n\n`;

/**
 * One open stream of events. A reader that is slow gets the newest event once it can take it, never a queue of old ones:
 * every event tells the whole story.
 */
export class EventStream {
  readonly openedAt = performance.now();
  readonly #response: ServerResponse;
  #newest: StreamEvent | undefined;
  #last: string | undefined;
  #writtenAt = performance.now();

  /** @param onClose when reader or server have ended it, once */
  constructor(response: ServerResponse, headers: Record<string, string>, onClose: () => void) {
    this.#response = response;
    // A reader that went while its answer was looked up: its response has told of that already.
    if (response.destroyed) process.nextTick(onClose);
    else response.once('close', onClose);
    response.on('drain', () => this.#flush());
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
  }

  send(event: StreamEvent): void {
    this.#newest = event;
    this.#flush();
  }

  /** Tells how long to wait before coming again after a break. */
  hint(retryMs: number): void {
    if (this.#isOpen && !this.#response.writableNeedDrain) this.#response.write(retryLine(retryMs));
  }

  /** Keeps what is between server and reader from closing a connection on which nothing happens. */
  beat(everyMs: number): void {
    if (this.#response.writableNeedDrain || performance.now() - this.#writtenAt < everyMs / 2) return;
    if (this.#isOpen) this.#write(':\n\n');
  }

  /** Ends with a last event, behind what the reader has yet to take. */
  end(last?: StreamEvent): void {
    this.#last = last ? toText(last) : '';
    this.#flush();
  }

  /** Ends now, so that the reader comes again after `retryMs`, perhaps to another server. */
  leave(retryMs: number): void {
    if (this.#isOpen) this.#response.end(retryLine(retryMs));
  }

  /** Gives a reader up that takes nothing. */
  abandon(): void {
    this.#response.destroy();
  }

  /** Since when the reader has taken nothing of what it was sent, in milliseconds. */
  get stuckMs(): number {
    return this.#response.writableNeedDrain ? performance.now() - this.#writtenAt : 0;
  }

  /** Between the last event and the end of its way nothing more may be written. */
  get #isOpen(): boolean {
    return !this.#response.writableEnded;
  }

  #flush(): void {
    if (this.#response.writableNeedDrain || !this.#isOpen) return;
    if (this.#newest) {
      const text = toText(this.#newest);
      this.#newest = undefined;
      this.#write(text);
    }
    if (this.#last !== undefined) this.#response.end(this.#last);
  }

  #write(text: string): void {
    this.#writtenAt = performance.now();
    this.#response.write(text);
  }
}
