import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { ModelSeats } from '../../../../../apps/producer/ask/model-seats.ts';
import { type ChatModel, type ChatRequest, ModelUnavailable } from '../../../../../lib/query/assistant/chat.ts';
import type { Assistant } from '../../../../../lib/query/assistant/index.ts';

const request: ChatRequest = {
  system: '',
  question: '',
  exchanges: [],
  tools: [],
  signal: new AbortController().signal,
};
const answered = { text: 'read' };

/** A model that answers until it is not waited for. */
const model: ChatModel = {
  label: 'a model',
  choose: async () => answered,
  write: async ({ signal }) => {
    await once(signal, 'abort');
    throw signal.reason;
  },
};
const seatsOf = (more: Partial<Assistant> = {}, seats?: number) =>
  new ModelSeats({ model, timeoutMs: 1_000, ...more }, seats);
const asks = (assistant: Assistant) => assistant.model.choose(request);
const isBusy = (error: Error) => error instanceof ModelUnavailable && /^busy/.test(error.message);

suite('a language model for a few at a time', () => {
  test('who finds no seat is told so at once', async () => {
    const seats = seatsOf({}, 1);
    const inside = Promise.withResolvers<void>();
    const first = seats.withSeat(async (assistant) => {
      await inside.promise;
      return asks(assistant);
    });
    await assert.rejects(seats.withSeat(asks), isBusy);
    inside.resolve();
    assert.equal(await first, answered);
  });

  test('a seat is free again, however the question ended', async () => {
    const seats = seatsOf({}, 1);
    await assert.rejects(
      seats.withSeat(() => Promise.reject(new Error('lost'))),
      { message: 'lost' },
    );
    assert.equal(await seats.withSeat(asks), answered);
    assert.equal(await seats.withSeat(asks), answered);
  });

  test('nobody waits longer than a page does, whatever is configured', () => {
    assert.equal(seatsOf({ timeoutMs: 20_000 }).assistant.timeoutMs, 8_000);
    assert.equal(seatsOf({ timeoutMs: 2_000 }).assistant.timeoutMs, 2_000);
  });

  test('closed, nobody waits any longer', async () => {
    const seats = seatsOf();
    const waiting = seats.withSeat(({ model: seated }) => seated.write(request as never));
    seats.close();
    await assert.rejects(waiting, { name: 'AbortError' });
  });
});
