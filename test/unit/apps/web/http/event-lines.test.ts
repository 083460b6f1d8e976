import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readEvents, type ServerEvent } from '../../../../../apps/web/http/event-lines.ts';

async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    yield bytes.subarray(from, end);
    from = end;
  }
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(chunks)) events.push(event);
  return events;
}

test('events are the same however the network has cut them, within letters too', async () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .map((text) => text.replace(/[\r\n]/g, '') || 'x');
  const event = fc.record({
    event: fc.constantFrom('order', 'live'),
    data: line,
    id: fc.option(fc.nat().map(String), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), async (events, cuts) => {
      const text = events
        .map(({ event, data, id }) => `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`)
        .join('');
      const expected = events.map((one) => ({ ...one, retry: undefined }));
      assert.deepEqual(await read(inPieces(text, cuts)), expected);
    }),
  );
});

test('comments and hints are events without a name, and half an event is none', async () => {
  const [beat, hint, ...more] = await read(inPieces(':\n\nretry: 700\n\nevent: order\ndata: {', []));
  assert.deepEqual(beat, { event: '', data: '', id: undefined, retry: undefined });
  assert.deepEqual(hint, { event: '', data: '', id: undefined, retry: '700' });
  assert.deepEqual(more, []);
});

test('what never ends is not kept', async () => {
  async function* endless() {
    for (;;) yield Buffer.alloc(512 * 1_024, 'x');
  }
  await assert.rejects(read(endless()), /an event without end/);
});
