import { type Static, Type } from 'typebox';
import { Uuid } from './fields.ts';

/** Every event travels in CloudEvents 1.0 structured JSON mode, so that what is archived explains itself. */
export const CLOUD_EVENT_CONTENT_TYPE = 'application/cloudevents+json';

/** The envelope, without the data: attributes of CloudEvents 1.0 and the extensions used here. */
export const CloudEventEnvelope = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Uuid,
  source: Type.String({ minLength: 1, maxLength: 200 }),
  type: Type.String({ minLength: 1, maxLength: 100 }),
  subject: Type.String({ minLength: 1, maxLength: 200 }),
  time: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?Z$' }),
  datacontenttype: Type.Literal('application/json'),
  dataschema: Type.Optional(Type.String({ maxLength: 200 })),
  partitionkey: Type.String({ minLength: 1, maxLength: 128 }),
  correlationid: Type.Optional(Type.String({ maxLength: 128 })),
  causationid: Type.Optional(Type.String({ maxLength: 128 })),
  sequence: Type.Optional(Type.String({ maxLength: 20 })),
  traceparent: Type.Optional(Type.String({ maxLength: 55 })),
  synthetic: Type.Optional(Type.Boolean()),
  data: Type.Unknown(),
});
export type CloudEventEnvelope = Static<typeof CloudEventEnvelope>;

/** `oms.order.placed.v1` -> name `oms.order.placed`, major 1; undefined for a type of any other shape. */
export function parseEventType(type: string): { name: string; major: number } | undefined {
  const match = /^(oms(?:\.[a-z_]+)+)\.v(\d{1,4})$/.exec(type);
  return match ? { name: match[1]!, major: Number(match[2]) } : undefined;
}
