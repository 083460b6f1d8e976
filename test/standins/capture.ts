import type { ContainerClient } from '@azure/storage-blob';
import { captureFileName } from '../../lib/archive/capture-name.ts';
import { openReaderClient } from '../../lib/streaming/event-hubs.ts';
import { readRange } from '../../lib/streaming/read-range.ts';
import { type EventToWrite, writeCaptureFile } from '../helpers/capture-writer.ts';

/** "6/12/2026 6:32:34 PM", as Event Hubs Capture writes a time. */
const usTime = (time: Date): string =>
  time.toLocaleString('en-US', { timeZone: 'UTC' }).replaceAll(/[,\u202f]/g, (found) => (found === ',' ? '' : ' '));

/**
 * A STAND-IN for Event Hubs Capture, which Azure alone has: reads everything that a hub holds and writes one file per
 * partition to the archive, once, when it is called. It knows nothing of windows, sizes, identities and firewalls.
 * @returns the names of the files it wrote
 */
export async function captureOnce(
  connectionString: string,
  hub: string,
  archive: { container: ContainerClient; namespace: string; time: Date },
): Promise<string[]> {
  const client = await openReaderClient({ connectionString }, hub);
  const written: string[] = [];
  try {
    for (const partition of await client.getPartitionIds()) {
      const { isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber } =
        await client.getPartitionProperties(partition);
      if (isEmpty) continue;
      const events: EventToWrite[] = [];
      const range = { partitionId: partition, from: beginningSequenceNumber, to: lastEnqueuedSequenceNumber };
      const { signal } = new AbortController();
      await readRange(client, range, async (batch) => void events.push(...batch.map(toWrite)), signal);
      const { namespace, time } = archive;
      const name = captureFileName().format({ namespace, hub, partition, time });
      await archive.container.getBlockBlobClient(name).uploadData(await writeCaptureFile(events, { codec: 'deflate' }));
      written.push(name);
    }
  } finally {
    await client.close();
  }
  return written;
}

const toWrite = (event: {
  sequenceNumber: number;
  offset: string;
  enqueuedTimeUtc: Date;
  body: Buffer;
}): EventToWrite => ({
  sequenceNumber: event.sequenceNumber,
  offset: event.offset,
  enqueuedTime: usTime(event.enqueuedTimeUtc),
  body: event.body,
});
