import { type Static, Type } from 'typebox';

const Reader = Type.Object({
  group: Type.String(),
  name: Type.String(),
  ownerLevel: Type.Union([Type.Integer(), Type.Null()]),
  lag: Type.Integer({ description: 'events that are stored and have not been handed to it' }),
});

export const PartitionStatus = Type.Object({
  id: Type.String(),
  firstSequence: Type.Integer({ description: '-1 while a partition never had an event' }),
  lastSequence: Type.Integer(),
  lastEnqueuedAt: Type.Union([Type.String(), Type.Null()]),
  inPerSecond: Type.Number({ description: 'over the last ten seconds' }),
  outPerSecond: Type.Number(),
  readers: Type.Integer(),
  links: Type.Array(Reader),
});
export type PartitionStatus = Static<typeof PartitionStatus>;

/** One hub as the hub's GET /hubs tells of it. */
export const HubStatus = Type.Object({
  name: Type.String(),
  createdAt: Type.String({ description: 'ISO 8601 UTC; the identity of the hub' }),
  consumerGroups: Type.Array(Type.String()),
  retention: Type.Optional(
    Type.Object(
      {
        seconds: Type.Optional(Type.Integer()),
        bytes: Type.Optional(Type.Integer({ description: 'of each partition' })),
      },
      { description: 'how long events are kept, for ever where it is empty; a hub of an earlier version does not say' },
    ),
  ),
  partitions: Type.Array(PartitionStatus),
});
export type HubStatus = Static<typeof HubStatus>;
