import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventPosition, earliestEventPosition, latestEventPosition } from '@azure/event-hubs';
import { startTestHub, type TestHub } from '../../../helpers/hub.ts';
import { bodies, collect, consumer, producer } from '../../../helpers/hub-sdk.ts';
import { until } from '../../../helpers/until.ts';

test('reading starts where it is asked to', async (t) => {
  const hub = await startTestHub(t);
  const client = producer(t, hub);
  for (let i = 0; i < 5; i++) await client.sendBatch([{ body: i }], { partitionId: '0' });
  const all = collect(t, consumer(t, hub), earliestEventPosition, '0');
  await until('events received', () => all.events.length === 5);
  const { offset, sequenceNumber } = all.events[2]!;
  const positions: Array<[EventPosition, number[]]> = [
    [{ offset }, [3, 4]],
    [{ offset, isInclusive: true }, [2, 3, 4]],
    [{ sequenceNumber }, [3, 4]],
    [{ sequenceNumber, isInclusive: true }, [2, 3, 4]],
    [{ enqueuedOn: 0 }, [0, 1, 2, 3, 4]],
    [
      { enqueuedOn: all.events[1]!.enqueuedTimeUtc.getTime() - 1 },
      all.events
        .filter((event) => event.enqueuedTimeUtc >= all.events[1]!.enqueuedTimeUtc)
        .map(({ body }) => body as number),
    ],
    [{ offset: all.events[4]!.offset }, []],
    [latestEventPosition, []],
  ];
  await all.close();
  for (const [position, expected] of positions) {
    const seen = collect(t, consumer(t, hub), position, '0');
    // An event sent once the reader is there marks the end of what it should see.
    await until('readers counted', async () => (await readers(hub)) === 1);
    await client.sendBatch([{ body: 'end' }], { partitionId: '0' });
    await until('events received', () => bodies(seen).includes('end'));
    assert.deepEqual(
      bodies(seen).filter((body) => body !== 'end'),
      expected,
      JSON.stringify(position),
    );
    await seen.close();
    await until('readers counted', async () => (await readers(hub)) === 0);
  }
});

async function readers(hub: TestHub): Promise<number> {
  const hubs = (await (await fetch(`http://127.0.0.1:${hub.httpPort}/hubs`)).json()) as [
    { partitions: Array<{ readers: number }> },
  ];
  return hubs[0].partitions.reduce((sum, partition) => sum + partition.readers, 0);
}

test('a position beyond the end is an argument error that names the last offset', async (t) => {
  const hub = await startTestHub(t);
  const seen = collect(t, consumer(t, hub), { offset: '123456789' }, '0');
  await until('reader told', () => seen.errors.length > 0);
  assert.equal((seen.errors[0] as { code?: string }).code, 'ArgumentError');
  assert.match(
    seen.errors[0]!.message,
    /The supplied offset '123456789' is invalid. The last offset in the system is '-1'/,
  );
});
