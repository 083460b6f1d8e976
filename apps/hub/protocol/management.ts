import { AmqpError, Condition } from '../amqp/errors.ts';
import type { Request } from '../amqp/message.ts';
import { type AmqpValue, Described } from '../amqp/reader.ts';
import type { Hub } from '../broker/hub.ts';
import type { Response } from './request-link.ts';
import type { Session } from './session.ts';

const HUB = 'com.microsoft:eventhub';
const PARTITION = 'com.microsoft:partition';

/** $management: what a hub and its partitions are at the moment. Every request brings its own token. */
export function answerManagement(request: Request, session: Session): Response {
  const { properties } = request;
  const { access, context } = session.connection;
  const name = String(properties.get('name') ?? '');
  if (!access.trusted) {
    context.auth.verify(tokenOf(properties.get('security_token')), name.toLowerCase(), Date.now());
  }
  if (properties.get('operation') !== 'READ') {
    throw new AmqpError(Condition.notImplemented, `operation '${String(properties.get('operation'))}' is not known`);
  }
  const hub = context.broker.hub(name);
  if (hub === undefined) throw entityNotFound(name);
  const type = properties.get('type');
  if (type === HUB) return describeHub(hub);
  if (type === PARTITION) return describePartition(hub, String(properties.get('partition') ?? ''));
  throw new AmqpError(Condition.notImplemented, `type '${String(type)}' is not known`);
}

/** Text, or its bytes; some of Azure's Python clients send them as the descriptor of the time they expire. */
function tokenOf(value: AmqpValue | undefined): string {
  return String((value instanceof Described ? value.descriptor : value) ?? '');
}

/** Clients look for this very text. */
export const entityNotFound = (name: string): AmqpError =>
  new AmqpError(
    Condition.notFound,
    `The messaging entity '${name}' could not be found. Known hubs are those of the configuration.`,
  );

export const partitionNotFound = (hub: Hub, partition: string): AmqpError =>
  new AmqpError(
    Condition.argumentOutOfRange,
    'The specified partition is invalid for an EventHub partition sender or receiver. ' +
      `It should be between 0 and ${hub.partitions.length - 1}; '${partition}' was asked for.`,
  );

function describeHub(hub: Hub): Response {
  return {
    status: 200,
    description: 'OK',
    body: (writer) =>
      writer.stringMap({
        name: (value) => value.string(hub.name),
        type: (value) => value.string(HUB),
        created_at: (value) => value.timestamp(hub.createdAt.getTime()),
        partition_count: (value) => value.int(hub.partitions.length),
        partition_ids: (value) => value.stringArray(hub.partitions.map((partition) => partition.id)),
        georeplication_factor: (value) => value.int(1),
      }),
  };
}

function describePartition(hub: Hub, id: string): Response {
  const partition = hub.partition(id);
  if (partition === undefined) throw partitionNotFound(hub, id);
  const { log } = partition;
  return {
    status: 200,
    description: 'OK',
    body: (writer) =>
      writer.stringMap({
        name: (value) => value.string(hub.name),
        type: (value) => value.string(PARTITION),
        partition: (value) => value.string(partition.id),
        begin_sequence_number: (value) => value.long(log.firstSequence),
        last_enqueued_sequence_number: (value) => value.long(log.lastSequence),
        last_enqueued_offset: (value) => value.string(String(log.lastOffset)),
        last_enqueued_time_utc: (value) => value.timestamp(log.lastEnqueuedMs),
        is_partition_empty: (value) => value.boolean(log.isEmpty),
      }),
  };
}
