import { AmqpError, Condition } from '../amqp/errors.ts';
import { firstMatch, placeOfOffset, placeOfTime } from '../storage/locate.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import { SegmentRemovedError } from '../storage/segment.ts';

/** Where a reader wants to start. */
export type Position =
  | { by: 'earliest' }
  | { by: 'latest' }
  | { by: 'offset' | 'sequence'; value: number; inclusive: boolean }
  | { by: 'time'; value: number; inclusive: boolean };

/**
 * The sequence number of the first event a reader at this position gets.
 * @throws {AmqpError} argument-error when the position lies beyond the end of the log
 */
export async function resolvePosition(log: PartitionLog, position: Position): Promise<number> {
  try {
    return await resolve(log, position);
  } catch (error) {
    // Retention removed what was being looked through; the answer is in what is left.
    if (error instanceof SegmentRemovedError) return resolvePosition(log, position);
    throw error;
  }
}

async function resolve(log: PartitionLog, position: Position): Promise<number> {
  if (position.by === 'earliest') return log.firstSequence;
  if (position.by === 'latest') return log.nextSequence;
  if (position.by === 'sequence') return bySequence(log, position.value, position.inclusive);
  if (position.by === 'offset') return byOffset(log, position.value, position.inclusive);
  return byTime(log, position.value, position.inclusive);
}

function bySequence(log: PartitionLog, value: number, inclusive: boolean): number {
  const next = inclusive ? value : value + 1;
  if (next > log.nextSequence) {
    throw beyond('sequence number', value, log.lastSequence);
  }
  return Math.max(next, log.firstSequence);
}

async function byOffset(log: PartitionLog, value: number, inclusive: boolean): Promise<number> {
  if (value < 0) return log.firstSequence;
  const end = log.nextSequence;
  if (value > log.segments.at(-1)!.endOffset) throw beyond('offset', value, log.lastOffset);
  const from = await placeOfOffset(log.segments, value);
  return firstMatch(log.segments, from, end, (batch, record) => {
    const offset = batch.baseOffset + batch.starts[record]!;
    return inclusive ? offset >= value : offset > value;
  });
}

async function byTime(log: PartitionLog, ms: number, inclusive: boolean): Promise<number> {
  // One millisecond earlier, exclusive, is the same as inclusive.
  const after = inclusive ? ms - 1 : ms;
  const end = log.nextSequence;
  const from = await placeOfTime(log.segments, after);
  return firstMatch(log.segments, from, end, (batch) => batch.enqueuedMs > after);
}

const beyond = (what: string, value: number, last: number): AmqpError =>
  new AmqpError(
    Condition.argumentError,
    `The supplied ${what} '${value}' is invalid. The last ${what} in the system is '${last}'`,
  );
