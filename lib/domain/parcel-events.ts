import { type Static, Type } from 'typebox';
import { MAX_LINES, MAX_QUANTITY, MinorAmount, Uuid } from './fields.ts';

/** RFC 3339 in UTC; there is no 99th month. */
const time = Type.String({
  pattern: '^[12]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?Z$',
});
const carrier = Type.String({ pattern: '^[a-z0-9_-]{1,24}$' });
const parcel = { order_id: Uuid, parcel_no: Type.Integer({ minimum: 1, maximum: 99 }), carrier };
const tracking_no = Type.String({ pattern: '^[A-Za-z0-9-]{1,40}$' });

export const LabelCreatedData = Type.Object({
  ...parcel,
  op_key: Type.String({ minLength: 1, maxLength: 96 }),
  tracking_no,
  /** Where the carrier serves the label as PDF. */
  label_url: Type.Optional(Type.String({ maxLength: 300 })),
  cost_minor: MinorAmount,
  promised_at: time,
});
export type LabelCreatedData = Static<typeof LabelCreatedData>;

export const LabelFailedData = Type.Object({
  ...parcel,
  op_key: Type.String({ minLength: 1, maxLength: 96 }),
  code: Type.String({ pattern: '^[a-z0-9_]{1,32}$' }),
});

/** A scan of the carrier: picked_up, in_transit, out_for_delivery, delivery_failed, delivered, lost, returned_to_sender. */
export const ParcelScannedData = Type.Object({
  ...parcel,
  tracking_no,
  /** The carrier's own id of the scan. */
  carrier_event_id: Type.String({ minLength: 1, maxLength: 64 }),
  at: time,
  place: Type.Optional(Type.String({ maxLength: 80 })),
});
export type ParcelScannedData = Static<typeof ParcelScannedData>;

/** A parcel with returned goods was scanned on its way. */
export const ReturnInTransitData = Type.Object({ order_id: Uuid, return_id: Uuid, carrier, at: time });

/** What was in a returned parcel; units that cannot be sold again are received but not restocked. */
export const ReturnReceivedData = Type.Object({
  order_id: Uuid,
  return_id: Uuid,
  at: time,
  lines: Type.Array(
    Type.Object({
      line: Type.Integer({ minimum: 1, maximum: MAX_LINES }),
      quantity: Type.Integer({ minimum: 0, maximum: MAX_QUANTITY }),
      resalable: Type.Boolean(),
    }),
    { minItems: 1, maxItems: MAX_LINES },
  ),
});
export type ReturnReceivedData = Static<typeof ReturnReceivedData>;
