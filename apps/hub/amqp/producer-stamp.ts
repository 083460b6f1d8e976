import { AmqpError, Condition } from './errors.ts';
import type { ReceivedEvent } from './event-batch.ts';
import { ProducerKey } from './producer-key.ts';
import { type AmqpMap, type AmqpValue, Reader } from './reader.ts';

/** Sequence numbers are ints that start over after the largest. */
const SEQUENCES = 0x8000_0000;
export const sequenceAfter = (sequence: number, count = 1): number => (sequence + count) % SEQUENCES;

/** Who published the events of a batch, and as which of its events. */
export interface ProducerStamp {
  id: number;
  epoch: number;
  first: number;
  last: number;
}

/** What a producer says of itself when it attaches; null where the hub has to fill in. */
export interface ProducerClaim {
  id: number | null;
  epoch: number | null;
  sequence: number | null;
}

/** The id is a long, the epoch a short, the sequence number an int. */
const LIMIT = {
  [ProducerKey.id]: Number.MAX_SAFE_INTEGER,
  [ProducerKey.epoch]: 0x7fff,
  [ProducerKey.sequence]: SEQUENCES - 1,
};

function numberAt(map: AmqpMap | null, key: keyof typeof LIMIT): number | null {
  const value: AmqpValue = map?.get(key) ?? null;
  if (value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LIMIT[key]) return value;
  throw new AmqpError(
    Condition.argumentOutOfRange,
    'Invalid range for idempotent producer state. Producer Id, Epoch, and Sequence Number must be zero or positive. ' +
      `${key} is ${String(value)}.`,
  );
}

/** @throws {AmqpError} argument-out-of-range when a number is negative or none */
export const readClaim = (properties: AmqpMap | null): ProducerClaim => ({
  id: numberAt(properties, ProducerKey.id),
  epoch: numberAt(properties, ProducerKey.epoch),
  sequence: numberAt(properties, ProducerKey.sequence),
});

/** The stamp of one event; null when it has none. */
export function stampOf(annotations: AmqpMap | null): ProducerStamp | null {
  const { id, epoch, sequence } = readClaim(annotations);
  return id === null || epoch === null || sequence === null ? null : { id, epoch, first: sequence, last: sequence };
}

/**
 * The stamp of a batch: all events of one producer, numbered without a gap.
 * @throws {AmqpError} argument-error when an event has no stamp, or another than its place asks for
 */
export function stampOfBatch(events: readonly ReceivedEvent[]): ProducerStamp {
  const first = stampOf(annotationsOf(events[0]!));
  for (let i = 0; i < events.length; i++) {
    const stamp = i === 0 ? first : stampOf(annotationsOf(events[i]!));
    const fits =
      stamp !== null &&
      stamp.id === first?.id &&
      stamp.epoch === first.epoch &&
      stamp.first === sequenceAfter(first.first, i);
    if (!fits) {
      throw new AmqpError(
        Condition.argumentError,
        `Event ${i + 1} of ${events.length} does not carry the producer id, epoch and sequence number of its place.`,
      );
    }
  }
  return { ...first!, last: sequenceAfter(first!.first, events.length - 1) };
}

/** Decodes the keys and values that an event keeps as bytes. */
function annotationsOf({ annotations, annotationCount }: ReceivedEvent): AmqpMap {
  const reader = new Reader(annotations);
  const map: AmqpMap = new Map();
  for (let i = 0; i < annotationCount; i += 2) map.set(reader.value(), reader.value());
  return map;
}
