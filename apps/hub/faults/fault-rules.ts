import { type Static, Type } from 'typebox';

export const FAULT_KINDS = ['throttle', 'delay', 'duplicate', 'detach', 'drop'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const FAULT_SIDES = ['send', 'receive'] as const;
export type FaultSide = (typeof FAULT_SIDES)[number];

/** One thing that goes wrong on purpose. */
export const FaultRule = Type.Object(
  {
    fault: Type.Enum(FAULT_KINDS, {
      description:
        'throttle: server-busy; delay: the answer, or the next event, comes later; duplicate: stored or handed over twice; detach: the link ends; drop: the connection ends',
    }),
    rate: Type.Number({ minimum: 0, maximum: 1, description: 'of the batches that arrive, or the events that leave' }),
    side: Type.Optional(Type.Enum(FAULT_SIDES, { description: 'producers or consumers; both when left out' })),
    hub: Type.Optional(Type.String({ description: 'every hub when left out' })),
    partition: Type.Optional(Type.String({ description: 'every partition when left out' })),
    delayMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000, description: 'of a delay; default 500' })),
    times: Type.Optional(
      Type.Integer({ minimum: 1, description: 'after so many it stops; without end when left out' }),
    ),
  },
  { additionalProperties: false },
);
export type FaultRule = Static<typeof FaultRule>;

/** All faults of a hub's process. The same seed and the same traffic give the same faults. */
export const FaultSettings = Type.Object(
  { seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff_ffff })), rules: Type.Array(FaultRule) },
  { additionalProperties: false },
);
export type FaultSettings = Static<typeof FaultSettings>;
