import type { CloudEventEnvelope } from '../../../lib/domain/cloud-event.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { toMessage } from '../../../lib/streaming/cloud-event-message.ts';
import { BusyError, SendFailedError } from '../../../lib/streaming/send-errors.ts';
import { Problem } from '../http/problem.ts';

/**
 * Resolves when the hub has the event on its disk, never before.
 * @throws {Problem} hub_busy when it was certainly not sent, hub_unavailable when nobody knows
 */
export async function publish(sender: EventSender, event: CloudEventEnvelope): Promise<void> {
  try {
    await sender.send(toMessage(event));
  } catch (cause) {
    if (cause instanceof BusyError) throw new Problem('hub_busy', cause.message, { cause });
    if (cause instanceof SendFailedError) throw new Problem('hub_unavailable', cause.message, { cause });
    throw cause;
  }
}
