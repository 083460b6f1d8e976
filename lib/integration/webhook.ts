import { type Static, Type } from 'typebox';
import { Uuid } from '../domain/fields.ts';

/**
 * Body of POST /hooks/psp and /hooks/carrier: facts in our own words. A fact that is sent again keeps its id, so that
 * it changes nothing the second time.
 */
export const WebhookBody = Type.Object({
  events: Type.Array(
    Type.Object({
      id: Uuid,
      /** One of the provider's or the carrier's types, e.g. oms.shipment.delivered.v1. */
      type: Type.String({ maxLength: 60 }),
      time: Type.String({ maxLength: 40 }),
      data: Type.Unknown(),
    }),
    { minItems: 1, maxItems: 1_000 },
  ),
});
export type WebhookBody = Static<typeof WebhookBody>;
