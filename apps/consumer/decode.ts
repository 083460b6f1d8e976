import { Compile, type Validator } from 'typebox/compile';
import { CloudEventEnvelope, parseEventType } from '../../lib/domain/cloud-event.ts';
import { ORDER_PLACED, OrderPlacedData, type OrderPlacedEvent } from '../../lib/domain/order-events.ts';

/** An event as the hub delivers it; `body` is bytes unless the sender used another AMQP section. */
export interface Delivery {
  sequenceNumber: number;
  offset: string;
  enqueuedTimeUtc: Date;
  body: unknown;
  properties?: Record<string, unknown> | undefined;
}

/** Why an event cannot be used; one row each in `dead_letters`. */
export type DeadLetterReason =
  | 'body_type'
  | 'json_syntax'
  | 'envelope'
  | 'unsupported_type'
  | 'unsupported_version'
  | 'schema'
  | 'idempotency_conflict'
  | 'handler_error';

export interface DeadLetter {
  delivery: Delivery;
  reason: DeadLetterReason;
  detail: string;
  eventId: string | null;
}

export interface PlacedDelivery {
  delivery: Delivery;
  event: OrderPlacedEvent;
}

export type Decoded = { placed: PlacedDelivery } | { dead: DeadLetter };

const envelope = Compile(CloudEventEnvelope);

/** The types that the consumer works on, each with the schema of its data. */
const HANDLED = new Map<string, Validator>([[ORDER_PLACED, Compile(OrderPlacedData)]]);
const HANDLED_NAMES = new Set([...HANDLED.keys()].map((type) => parseEventType(type)?.name));

const firstProblem = (validator: Validator, value: unknown): string => {
  const [error] = validator.Errors(value);
  return error ? `${error.instancePath || '/'} ${error.message}` : 'does not fit its schema';
};

/** CloudEvents in AMQP binary mode: the attributes are application properties, the body is the data alone. */
function fromBinaryMode(properties: Record<string, unknown>, data: unknown): Record<string, unknown> | undefined {
  const attributes = Object.entries(properties)
    .filter(([name]) => /^cloudEvents[_:]/.test(name))
    .map(([name, value]) => [name.slice('cloudEvents_'.length), value]);
  return attributes.length > 0
    ? { datacontenttype: 'application/json', ...Object.fromEntries(attributes), data }
    : undefined;
}

function checkEnvelope(delivery: Delivery, parsed: unknown): Decoded {
  const event = fromBinaryMode(delivery.properties ?? {}, parsed) ?? parsed;
  const id = (event as { id?: unknown } | null)?.id;
  const eventId = typeof id === 'string' ? id.slice(0, 64) : null;
  const dead = (reason: DeadLetterReason, detail: string): Decoded => ({ dead: { delivery, reason, detail, eventId } });

  if (!envelope.Check(event)) return dead('envelope', firstProblem(envelope, event));
  // The pattern of a time lets the 99th month through.
  if (Number.isNaN(Date.parse(event.time))) return dead('envelope', '/time is no moment that exists');
  const data = HANDLED.get(event.type);
  if (!data) {
    const known = HANDLED_NAMES.has(parseEventType(event.type)?.name);
    return dead(known ? 'unsupported_version' : 'unsupported_type', event.type);
  }
  if (!data.Check(event.data)) return dead('schema', `/data${firstProblem(data, event.data)}`);
  return { placed: { delivery, event: event as OrderPlacedEvent } };
}

/** Reads an event without touching the database; whatever is wrong with it becomes a dead letter with its reason. */
export function decode(delivery: Delivery): Decoded {
  const dead = (reason: DeadLetterReason, detail: string): Decoded => ({
    dead: { delivery, reason, detail, eventId: null },
  });
  if (!(delivery.body instanceof Uint8Array)) return dead('body_type', 'the body is no AMQP data section');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(delivery.body.buffer, delivery.body.byteOffset, delivery.body.length).toString());
  } catch (error) {
    return dead('json_syntax', String(error));
  }
  return checkEnvelope(delivery, parsed);
}
