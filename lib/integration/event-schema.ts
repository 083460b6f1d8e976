import type { TSchema } from 'typebox';
import { CloudEventEnvelope } from '../domain/cloud-event.ts';
import { EVENT_TYPES, type EventType } from '../domain/event-types.ts';

/** A document in JSON Schema 2020-12. */
export type JsonSchema = Record<string, unknown>;

export const JSON_SCHEMA = 'https://json-schema.org/draft/2020-12/schema';

/** A schema as plain data: what is not JSON in it is for this process only. */
export const plain = (schema: TSchema): JsonSchema => JSON.parse(JSON.stringify(schema));

/** What every event is wrapped in. */
export const envelopeSchema = (): JsonSchema => ({
  $schema: JSON_SCHEMA,
  $id: '/schemas/cloud-event.json',
  title: 'CloudEvent',
  description: 'The envelope of every event: CloudEvents 1.0, structured JSON.',
  ...plain(CloudEventEnvelope),
});

/**
 * The schema of an event's data, at the address that its `dataschema` names; `#/$defs/event` is the whole event.
 */
export function eventSchema(type: EventType): JsonSchema {
  const { data, summary } = EVENT_TYPES[type];
  const $id = `/schemas/${type}.json`;
  return {
    $schema: JSON_SCHEMA,
    $id,
    title: type,
    description: summary,
    ...plain(data),
    $defs: {
      event: {
        title: `${type} in its envelope`,
        allOf: [{ $ref: '/schemas/cloud-event.json' }],
        properties: { type: { const: type }, dataschema: { const: $id }, data: { $ref: '#' } },
        required: ['type', 'data'],
      },
    },
  };
}
