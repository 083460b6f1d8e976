import { ContainerClient } from '@azure/storage-blob';
import { openReaderClient } from '../../../lib/streaming/event-hubs.ts';
import { ARCHIVE_CONTAINER } from '../../../src/stages/provision/topology.ts';
import type { Arm } from '../arm/arm.ts';
import { captureOnce } from '../capture.ts';
import type { BlobsStandin } from './blobs.ts';
import type { EventHubsStandin } from './event-hubs.ts';
import type { Scope } from './scope.ts';

/** Azure's shortest window is a minute. */
const WINDOW_MS = 2_000;

/** Hubs that the stand-in of Azure Resource Manager was told to capture. */
function capturedHubs({ state }: Arm): { namespace: string; hub: string }[] {
  return Object.values(state.resources)
    .filter(({ type, properties }) => {
      const capture = properties.captureDescription as { enabled?: boolean } | undefined;
      return /\/eventhubs$/i.test(type) && capture?.enabled === true;
    })
    .map(({ id, name }) => ({ namespace: id.split('/')[8]!, hub: name }));
}

/** How much a hub has taken so far; a window in which that does not change is empty. */
async function takenBy(connectionString: string, hub: string): Promise<string> {
  const client = await openReaderClient({ connectionString }, hub);
  try {
    const ids = await client.getPartitionIds();
    const partitions = await Promise.all(ids.map((id) => client.getPartitionProperties(id)));
    return partitions.map(({ lastEnqueuedSequenceNumber }) => lastEnqueuedSequenceNumber).join();
  } finally {
    await client.close();
  }
}

/** Writes every captured hub that has taken something to the archive, window after window. */
export function startCapture(arm: Arm, hubs: EventHubsStandin, blobs: BlobsStandin, scope: Scope): void {
  const container = new ContainerClient(blobs.connectionString, ARCHIVE_CONTAINER);
  const written = new Map<string, string>();
  const capture = async (namespace: string, hub: string) => {
    const taken = await takenBy(hubs.connectionString, hub);
    const key = `${namespace}/${hub}`;
    if ((written.get(key) ?? emptyLike(taken)) === taken) return;
    await captureOnce(hubs.connectionString, hub, { container, namespace, time: new Date() });
    written.set(key, taken);
  };
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();
  const window = setInterval(() => {
    last = last.then(async () => {
      for (const { namespace, hub } of isOver ? [] : capturedHubs(arm)) {
        await capture(namespace, hub).catch(() => undefined);
      }
    });
  }, WINDOW_MS);
  scope.after(async () => {
    isOver = true;
    clearInterval(window);
    await last;
  });
}

/** What {@link takenBy} says of a hub that has taken nothing. */
const emptyLike = (taken: string) => taken.replaceAll(/-?\d+/g, '-1');
