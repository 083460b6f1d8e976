import { Compile, type Validator } from 'typebox/compile';
import { CANARY_SENT } from '../../lib/domain/canary-event.ts';
import { findCardData } from '../../lib/domain/card-data.ts';
import { CARD_MASK } from '../../lib/domain/card-number.ts';
import { CloudEventEnvelope, parseEventType } from '../../lib/domain/cloud-event.ts';
import {
  EVENT_TYPES,
  INBOUND_TYPES,
  isAboutStock,
  type OrderEvent,
  type StockEvent,
} from '../../lib/domain/event-types.ts';
import { RELEASE_PROPERTY, RETRY_PROPERTY } from '../../lib/streaming/sent-again.ts';

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
  | 'card_data'
  | 'partition_key'
  | 'idempotency_conflict'
  | 'parked_expired'
  | 'handler_error';

/** An event that waited for a turn of its own: the place where it is kept. */
export interface ParkedKey {
  hubCreatedAt: number;
  partitionId: number;
  sequenceNumber: number;
}

/** Where an event came from: the hub, or the place where it was parked. */
export interface Origin {
  delivery: Delivery;
  parked?: ParkedKey | undefined;
  /** Number of the dead letter that this sends again. */
  retryOf?: number | undefined;
  /** Sequence number of the parked event that this is a copy of, sent to let what is parked go on. */
  releaseOf?: number | undefined;
}

export interface DeadLetter extends Origin {
  reason: DeadLetterReason;
  detail: string;
  eventId: string | null;
  eventType: string | null;
  orderId: string | null;
}

/** An event with its origin; the event has passed its schema. */
export interface Sourced<Event> extends Origin {
  event: Event;
}

/** `passed` is for others: it moves the position on, and nothing else. */
export type Decoded =
  | { order: Sourced<OrderEvent> }
  | { stock: Sourced<StockEvent> }
  | { passed: Origin }
  | { dead: DeadLetter };

const envelope = Compile(CloudEventEnvelope);

/** The types that the consumer works on, each with the schema of its data. */
const HANDLED = new Map<string, Validator>(INBOUND_TYPES.map((type) => [type, Compile(EVENT_TYPES[type].data)]));
const HANDLED_NAMES = new Set([...HANDLED.keys()].map((type) => parseEventType(type)?.name));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' ? Number.parseInt(value, 10) : Number(value);
  return value !== undefined && Number.isSafeInteger(number) ? number : undefined;
};

function originOf(delivery: Delivery, parked: ParkedKey | undefined): Origin {
  const { properties } = delivery;
  if (!properties) return { delivery, parked };
  return {
    delivery,
    parked,
    retryOf: numberOf(properties[RETRY_PROPERTY]),
    releaseOf: numberOf(properties[RELEASE_PROPERTY]),
  };
}

/** What is kept of an event is not what was sent. */
const TAKEN_OUT = 'card data was taken out of the event when it was put aside: only its sender can send it again';

const textOf = (value: unknown, maxLength: number): string | null =>
  typeof value === 'string' ? value.slice(0, maxLength) : null;

/** What can be said of an event that is unusable, for whoever looks for it. */
function describe(event: unknown): Pick<DeadLetter, 'eventId' | 'eventType' | 'orderId'> {
  const { id, type, data } = (event ?? {}) as { id?: unknown; type?: unknown; data?: { order_id?: unknown } | null };
  const orderId = data?.order_id;
  // Both columns hold ASCII alone.
  const eventType = textOf(type, 60);
  return {
    eventId: textOf(id, 64),
    eventType: eventType !== null && /^[\x20-\x7e]*$/.test(eventType) ? eventType : null,
    orderId: typeof orderId === 'string' && UUID.test(orderId) ? orderId : null,
  };
}

type Problem = [reason: DeadLetterReason, detail: string];

function findProblem(event: unknown): Problem | undefined {
  if (!envelope.Check(event)) return ['envelope', firstProblem(envelope, event)];
  // The pattern of a time lets the 99th month through.
  if (Number.isNaN(Date.parse(event.time))) return ['envelope', '/time is no moment that exists'];
  const data = HANDLED.get(event.type);
  if (!data) {
    const known = HANDLED_NAMES.has(parseEventType(event.type)?.name);
    return [known ? 'unsupported_version' : 'unsupported_type', event.type];
  }
  if (!data.Check(event.data)) return ['schema', `/data${firstProblem(data, event.data)}`];
  if (event.type === CANARY_SENT) return undefined;
  return findMisplacement(event as unknown as OrderEvent | StockEvent);
}

/** Everything about one order, or one SKU, has to come on one partition: that is what its order in time rests on. */
function findMisplacement(event: OrderEvent | StockEvent): Problem | undefined {
  const expected = isAboutStock(event) ? event.data.sku : event.data.order_id;
  return event.partitionkey === expected
    ? undefined
    : ['partition_key', `/partitionkey is "${event.partitionkey}" where "${expected}" belongs`];
}

function cardProblem(event: unknown, text: string): Problem | undefined {
  const pointer = findCardData(event, text);
  return pointer === undefined ? undefined : ['card_data', `${pointer || 'a name'} looks like card data`];
}

function checkEvent(origin: Origin, parsed: unknown, text: string): Decoded {
  const fromProperties = fromBinaryMode(origin.delivery.properties ?? {}, parsed);
  const event = fromProperties ?? parsed;
  const whole = fromProperties ? JSON.stringify(event) : text;
  const problem = findProblem(event) ?? cardProblem(event, whole);
  if (problem) return { dead: { ...origin, reason: problem[0], detail: problem[1], ...describe(event) } };
  if ((event as { type: string }).type === CANARY_SENT) return { passed: origin };
  // Whoever keeps the body, keeps all of the event.
  const delivery = fromProperties ? { ...origin.delivery, body: Buffer.from(whole) } : origin.delivery;
  const valid = event as OrderEvent | StockEvent;
  return isAboutStock(valid)
    ? { stock: { ...origin, delivery, event: valid } }
    : { order: { ...origin, delivery, event: valid } };
}

/**
 * Reads an event without touching the database; whatever is wrong with it becomes a dead letter with its reason.
 * @param parked where the event was kept, when it does not come from the hub
 */
export function decode(delivery: Delivery, parked?: ParkedKey): Decoded {
  const origin = originOf(delivery, parked);
  const unreadable = (reason: DeadLetterReason, detail: string): Decoded => ({
    dead: { ...origin, reason, detail, ...describe(undefined) },
  });
  if (!(delivery.body instanceof Uint8Array)) return unreadable('body_type', 'the body is no AMQP data section');
  const text = Buffer.from(delivery.body.buffer, delivery.body.byteOffset, delivery.body.length).toString();
  if (origin.retryOf !== undefined && text.includes(CARD_MASK)) return unreadable('card_data', TAKEN_OUT);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return unreadable('json_syntax', String(error));
  }
  return checkEvent(origin, parsed, text);
}
