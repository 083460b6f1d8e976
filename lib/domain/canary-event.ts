import { type Static, Type } from 'typebox';
import type { CloudEventEnvelope } from './cloud-event.ts';

export const CANARY_SENT = 'oms.canary.sent.v1';

/** Sent to see whether events come through; it is about no order and no goods. */
export const CanarySentData = Type.Object({
  /** The environment it was sent in. */
  environment: Type.String({ minLength: 1, maxLength: 64 }),
});
export type CanarySentData = Static<typeof CanarySentData>;

/** @param id UUID that the event is known by at both ends */
export const canaryEvent = (id: string, environment: string, time: Date): CloudEventEnvelope => ({
  ...{ specversion: '1.0', id, source: '/oms/provision', type: CANARY_SENT, subject: `canary/${id}` },
  ...{ time: time.toISOString(), datacontenttype: 'application/json', dataschema: `/schemas/${CANARY_SENT}.json` },
  ...{ partitionkey: id, synthetic: true, data: { environment } },
});
