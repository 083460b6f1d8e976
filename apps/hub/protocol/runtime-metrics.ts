import { Section } from '../amqp/message.ts';
import { encodeToBuffer } from '../amqp/writer.ts';
import type { PartitionLog } from '../storage/partition-log.ts';

/** A stored message with delivery annotations that tell what its partition enqueued last. */
export function withRuntimeMetrics(
  stored: Buffer,
  start: number,
  headerEnd: number,
  end: number,
  log: PartitionLog,
): Buffer {
  const { lastSequence, lastOffset, lastEnqueuedMs } = log;
  const annotations = encodeToBuffer((writer) =>
    writer.described(Section.deliveryAnnotations, (inner) =>
      inner.symbolMap({
        last_enqueued_sequence_number: (value) => value.long(lastSequence),
        last_enqueued_offset: (value) => value.string(String(lastOffset)),
        last_enqueued_time_utc: (value) => value.timestamp(lastEnqueuedMs),
        runtime_info_retrieval_time_utc: (value) => value.timestamp(Date.now()),
      }),
    ),
  );
  return Buffer.concat([stored.subarray(start, headerEnd), annotations, stored.subarray(headerEnd, end)]);
}
