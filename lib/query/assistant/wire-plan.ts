import { type Static, Type } from 'typebox';
import { Plan } from '../plan.ts';

const Span = Type.Object(
  {
    start: Type.Union([Type.String({ description: 'UTC, such as 2026-11-09T05:00:00.000Z' }), Type.Null()]),
    end: Type.String({ description: 'UTC; not included' }),
  },
  { additionalProperties: false },
);
export type Span = Static<typeof Span>;

const { properties } = Plan;
const [Cohort] = properties.cohort.anyOf;

/** The plan as a model submits it: windows are only their two ends, the rest of them is derived here. */
export const WirePlan = Type.Object(
  {
    ...properties,
    window: Span,
    compare: Type.Union([Span, Type.Null()]),
    cohort: Type.Union([
      Type.Object({ ...Cohort.properties, window: Span }, { additionalProperties: false }),
      Type.Null(),
    ]),
  },
  { additionalProperties: false },
);
export type WirePlan = Static<typeof WirePlan>;

/** What a plan says by saying nothing. Metrics and window are always said: left out they would be guessed. */
const DEFAULTS: Omit<WirePlan, 'metrics' | 'window'> = {
  dimensions: [],
  filters: [],
  having: [],
  compare: null,
  transform: 'none',
  order: null,
  limit: null,
  per: null,
  cohort: null,
  allMembers: false,
};

const ALWAYS_SAID = new Set(['metrics', 'window']);
/** Said with no or null they say nothing. */
const isSaid = ([key, part]: [string, unknown]) => ALWAYS_SAID.has(key) || (part !== null && part !== false);

/** Parts that may be left out, filled in. */
export const withDefaults = (value: object): object => ({
  ...DEFAULTS,
  ...Object.fromEntries(Object.entries(value).filter(isSaid)),
});
