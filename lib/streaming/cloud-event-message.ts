import type { CloudEventEnvelope } from '../domain/cloud-event.ts';
import type { OutgoingEvent } from './batching-sender.ts';

/**
 * A CloudEvent as it travels: structured JSON as the body, and the trace twice beside it, because the SDK knows
 * only `Diagnostic-Id` and everything else only `traceparent`.
 */
export function toMessage(event: CloudEventEnvelope): OutgoingEvent {
  const trace = event.traceparent;
  return {
    partitionKey: event.partitionkey,
    body: Buffer.from(JSON.stringify(event)),
    ...(trace && { properties: { 'Diagnostic-Id': trace, traceparent: trace } }),
  };
}
