import { type ChatModel, ModelUnavailable } from '../../../lib/query/assistant/chat.ts';
import type { Assistant } from '../../../lib/query/assistant/index.ts';

/** Half of the questions that may be asked at a time: who gets no seat is answered by rules at once. */
const SEATS = 2;

/** Nobody waits longer at a page before the rules answer. */
const MOST_MS = 8_000;

const away = (reason: string) => Promise.reject(new ModelUnavailable(reason));
const BUSY = 'busy with other questions';

/** The same model, which stops waiting when `closing` says so. */
function until(closing: AbortSignal, model: ChatModel): ChatModel {
  const both = <Request extends { signal: AbortSignal }>(request: Request): Request => ({
    ...request,
    signal: AbortSignal.any([request.signal, closing]),
  });
  return {
    label: model.label,
    choose: (request) => model.choose(both(request)),
    write: (request) => model.write(both(request)),
  };
}

/** A language model for a few questions at a time, each for a few seconds. */
export class ModelSeats {
  /** With a model that reads. */
  readonly assistant: Assistant;
  readonly #closing = new AbortController();
  #free: number;

  constructor(assistant: Assistant, seats = SEATS) {
    const model = until(this.#closing.signal, assistant.model);
    this.assistant = { ...assistant, model, timeoutMs: Math.min(assistant.timeoutMs, MOST_MS) };
    this.#free = seats;
  }

  /** Hands `work` the model; where all seats are taken, one that says so. */
  async withSeat<Result>(work: (assistant: Assistant) => Promise<Result>): Promise<Result> {
    if (this.#free === 0) return work({ ...this.assistant, model: this.#busy() });
    this.#free -= 1;
    try {
      return await work(this.assistant);
    } finally {
      this.#free += 1;
    }
  }

  /** Whoever waits for the model is answered by rules now. */
  close(): void {
    this.#closing.abort();
  }

  #busy(): ChatModel {
    return { label: this.assistant.model.label, choose: () => away(BUSY), write: () => away(BUSY) };
  }
}
