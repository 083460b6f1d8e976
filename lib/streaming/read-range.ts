import type { EventHubConsumerClient, ReceivedEventData } from '@azure/event-hubs';

const MAX_BATCH = 1_000;
const PREFETCH = 5_000;
/** A range whose end never comes is given up after this. */
const MAX_WAIT_SECONDS = 5;

/** Events of one partition, both ends included. */
export interface SequenceRange {
  partitionId: string;
  from: number;
  to: number;
}

/**
 * Hands over the events of a range in order, a batch at a time; the next batch waits until the last is through.
 * Events that left the hub by age are simply not there. Takes no position and disturbs no other reader.
 * @throws whatever the hub or `onEvents` throws, an error when the range has no end, and the signal's reason
 */
export async function readRange(
  client: EventHubConsumerClient,
  { partitionId, from, to }: SequenceRange,
  onEvents: (events: readonly ReceivedEventData[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const done = Promise.withResolvers<void>();
  const stop = () => done.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const subscription = client.subscribe(
    partitionId,
    {
      processEvents: async (events) => {
        try {
          if (events.length === 0) throw new Error(`partition ${partitionId} hands over nothing up to ${to}`);
          const wanted = events.filter((event) => event.sequenceNumber <= to);
          if (wanted.length > 0) await onEvents(wanted);
          if (events.at(-1)!.sequenceNumber >= to) done.resolve();
        } catch (error) {
          done.reject(error);
        }
      },
      processError: async (error) => done.reject(error),
    },
    {
      startPosition: { sequenceNumber: from, isInclusive: true },
      maxBatchSize: MAX_BATCH,
      prefetchCount: PREFETCH,
      maxWaitTimeInSeconds: MAX_WAIT_SECONDS,
      skipParsingBodyAsJson: true,
    },
  );
  try {
    await done.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    await subscription.close();
  }
}
