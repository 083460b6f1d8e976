import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { until } from './until.ts';

/**
 * The ids in the bodies of all events of a hub, by partition, in order, read with the SDK. Fails when the sequence
 * numbers have a gap.
 */
export async function readEverything(t: TestContext, connectionString: string, hub: string): Promise<string[][]> {
  const consumer = new EventHubConsumerClient('$default', connectionString, hub);
  t.after(() => consumer.close());
  const partitions = await consumer.getPartitionIds();
  const properties = await Promise.all(partitions.map((id) => consumer.getPartitionProperties(id)));
  const found: string[][] = partitions.map(() => []);
  const sequences: number[][] = partitions.map(() => []);
  const subscription = consumer.subscribe(
    {
      processEvents: async (events, { partitionId }) => {
        found[Number(partitionId)]!.push(...events.map(({ body }) => (body as { id: string }).id));
        sequences[Number(partitionId)]!.push(...events.map(({ sequenceNumber }) => sequenceNumber));
      },
      processError: async () => {},
    },
    { startPosition: earliestEventPosition, maxBatchSize: 500, maxWaitTimeInSeconds: 1 },
  );
  await until(
    'all events are received',
    () => found.every((list, i) => list.length >= properties[i]!.lastEnqueuedSequenceNumber + 1),
    30_000,
  );
  await subscription.close();
  for (const list of sequences) assert.deepEqual(list, [...list.keys()], 'sequence numbers are dense');
  return found;
}
