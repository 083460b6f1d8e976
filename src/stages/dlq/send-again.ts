import { setTimeout as sleep } from 'node:timers/promises';
import { BatchingSender, type OutgoingEvent } from '../../../lib/streaming/batching-sender.ts';
import { openProducerClient } from '../../../lib/streaming/event-hubs.ts';
import { ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import { messageOf, OmsError } from '../../errors.ts';
import type { Letter } from './result.ts';

const READY_MS = 5_000;
const SEND_DEADLINE_MS = 10_000;

const hubError = (error: unknown) =>
  new OmsError('hub_unreachable', 'the hub did not take the event', {
    why: messageOf(error),
    next: ['oms status', 'oms logs hub'],
  });

async function untilReady(sender: BatchingSender): Promise<void> {
  const late = new AbortController();
  try {
    await Promise.race([
      sender.ready(),
      sleep(READY_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error(`it does not answer within ${READY_MS} ms`);
      }),
    ]);
  } catch (error) {
    throw hubError(error);
  } finally {
    late.abort();
  }
}

/** Opens a sender of the orders hub for as long as `use` takes. @throws {OmsError} hub_unreachable */
export async function withSender<Result>(
  connectionString: string,
  use: (sender: BatchingSender) => Promise<Result>,
): Promise<Result> {
  const open = () => openProducerClient({ connectionString }, ORDERS_HUB);
  const sender = new BatchingSender(open, { deadlineMs: SEND_DEADLINE_MS });
  try {
    await untilReady(sender);
    return await use(sender);
  } finally {
    await sender.close().catch(() => {});
  }
}

/** Resolves when the hub has them all, those of one key in this order. @throws {OmsError} hub_unreachable */
export async function sendAll(sender: BatchingSender, events: readonly OutgoingEvent[]): Promise<void> {
  await Promise.all(events.map((event) => sender.send(event))).catch((error) => {
    throw hubError(error);
  });
}

/** What the event itself says its key is; what says nothing may be handled by whoever gets it. */
export function partitionKeyOf(letter: Letter, body: Buffer): string {
  if (letter.order_id !== null) return letter.order_id;
  try {
    const { partitionkey } = JSON.parse(body.toString());
    if (typeof partitionkey === 'string' && partitionkey.length > 0) return partitionkey.slice(0, 128);
  } catch {
    // No JSON: it has no key of its own.
  }
  return `dead-letter-${letter.id}`;
}
