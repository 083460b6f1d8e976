import { type Static, Type } from 'typebox';

/** How long events are kept: for ever when neither is given. Whole segments are removed, the oldest first. */
export const RetentionConfig = Type.Object(
  {
    seconds: Type.Optional(Type.Integer({ minimum: 1, description: 'at least so long after an event was enqueued' })),
    bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'at least so much of each partition' })),
  },
  { additionalProperties: false },
);
export type RetentionConfig = Static<typeof RetentionConfig>;
