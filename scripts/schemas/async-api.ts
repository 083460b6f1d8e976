import { CLOUD_EVENT_CONTENT_TYPE } from '../../lib/domain/cloud-event.ts';
import { EVENT_TYPES, type EventType } from '../../lib/domain/event-types.ts';
import { DEAD_LETTER_HUB, ORDER_EVENTS_HUB, ORDERS_HUB } from '../../lib/streaming/hub-names.ts';

const JSON_SCHEMA_2020 = 'application/schema+json;version=2020-12';

const types = Object.keys(EVENT_TYPES) as EventType[];
const fromCore = types.filter((type) => EVENT_TYPES[type].source === 'core');
const inbound = types.filter((type) => EVENT_TYPES[type].source !== 'core');

const ref = (...path: string[]) => ({ $ref: `#/${path.join('/')}` });

const message = (type: EventType) => ({
  name: type,
  title: EVENT_TYPES[type].summary,
  summary: `Said by: ${EVENT_TYPES[type].source}.`,
  contentType: CLOUD_EVENT_CONTENT_TYPE,
  correlationId: { location: '$message.payload#/correlationid' },
  payload: { schemaFormat: JSON_SCHEMA_2020, schema: { $ref: `./${type}.json#/$defs/event` } },
});

const text = (description: string) => ({ type: 'string', description });

const DEAD_LETTER = {
  name: 'dead-letter',
  title: 'An event that could not be used, byte for byte as it came.',
  contentType: 'application/octet-stream',
  headers: {
    type: 'object',
    required: ['reason', 'detail', 'origin', 'dead_letter_id'],
    properties: {
      reason: text('why it could not be used'),
      detail: text('more about that, for people'),
      origin: text('hub/partition/sequence number that it came from'),
      dead_letter_id: text('its number in the database'),
      event_id: text('where it could be read'),
      event_type: text('where it could be read'),
      order_id: text('where it could be read'),
      truncated: { const: 'true', description: 'the database has the whole of it' },
    },
  },
  payload: { description: 'Whatever came: not necessarily JSON.' },
};

const channel = (address: string, description: string, messages: readonly string[]) => ({
  address,
  description,
  messages: Object.fromEntries(messages.map((name) => [name, ref('components', 'messages', name)])),
});

const operation = (action: 'send' | 'receive', name: string, summary: string) => ({
  action,
  channel: ref('channels', name),
  summary,
});

/** AsyncAPI 3.0 of the whole event pipeline. AMQP 1.0 has no bindings there, so the hubs' names are addresses. */
export function asyncApi(version: string) {
  return {
    asyncapi: '3.0.0',
    id: 'urn:oms',
    info: {
      title: 'Order events',
      version,
      description:
        'Every event of order processing on Azure Event Hubs: CloudEvents 1.0 in structured JSON, one per message. ' +
        'Delivery is at least once: the id names an event for good. The partition key is the order (or the SKU), so that ' +
        "one order's events keep their order for each sender. Additive changes keep the type; others get a new one.",
      license: { name: 'MIT' },
    },
    defaultContentType: CLOUD_EVENT_CONTENT_TYPE,
    servers: {
      eventhubs: {
        host: '{namespace}.servicebus.windows.net:5671',
        protocol: 'amqps',
        protocolVersion: '1.0',
        variables: { namespace: { description: 'The Event Hubs namespace; locally `oms status` says where it is.' } },
      },
    },
    channels: {
      [ORDERS_HUB]: channel(ORDERS_HUB, 'Everything that comes in: keyed by order id, about goods by SKU.', inbound),
      [ORDER_EVENTS_HUB]: channel(ORDER_EVENTS_HUB, 'What became of it, after it was committed.', fromCore),
      [DEAD_LETTER_HUB]: channel(DEAD_LETTER_HUB, 'What could not be used, with the reason.', ['dead-letter']),
    },
    operations: {
      handleOrders: operation('receive', ORDERS_HUB, 'The consumer handles everything that comes in.'),
      publishSteps: operation('send', ORDER_EVENTS_HUB, 'The consumer publishes what it committed.'),
      publishDeadLetters: operation('send', DEAD_LETTER_HUB, 'The consumer gives up what it cannot use.'),
    },
    components: {
      messages: { ...Object.fromEntries(types.map((type) => [type, message(type)])), 'dead-letter': DEAD_LETTER },
    },
  };
}
