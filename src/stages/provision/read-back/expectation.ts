import type { Environment } from '../environment.ts';
import type { Outputs } from '../outputs.ts';

/** What the environment was to be. */
export interface Wanted {
  environment: Environment;
  outputs: Outputs;
}

/** An error keeps the environment from being used as it is; a warning is for a person to judge. */
export type Weight = 'error' | 'warning';

/** One thing that Azure has to say of a resource. */
export interface Expectation<Facts> {
  name: string;
  weight: Weight;
  expected: (wanted: Wanted) => string;
  actual: (facts: Facts, wanted: Wanted) => string;
  /** Default: both read alike. */
  holds?: (facts: Facts, wanted: Wanted) => boolean;
}

/** How one expectation came out. */
export interface Finding {
  /** Such as "hub orders". */
  resource: string;
  name: string;
  expected: string;
  actual: string;
  ok: boolean;
  weight: Weight;
}

const NOT_THERE = 'not there';

/** Holds what Azure says against the table; a resource that is not there is one finding, not many. */
export function compare<Facts>(
  resource: string,
  facts: Facts | undefined,
  table: readonly Expectation<Facts>[],
  wanted: Wanted,
): Finding[] {
  if (facts === undefined) return [missing(resource)];
  return table.map(({ name, weight, expected, actual, holds }) => {
    const [is, due] = [actual(facts, wanted), expected(wanted)];
    return { resource, name, expected: due, actual: is, ok: holds ? holds(facts, wanted) : is === due, weight };
  });
}

export const missing = (resource: string): Finding => ({
  ...{ resource, name: 'exists', expected: 'there', actual: NOT_THERE },
  ...{ ok: false, weight: 'error' },
});

export const onOff = (on: boolean): string => (on ? 'on' : 'off');

/** A list as one reads it, in an order that does not depend on Azure's. */
export const listed = (items: readonly string[]): string => [...items].sort().join(', ') || 'none';

/** Ids of Azure are the same whatever their case, and Azure changes it from answer to answer. */
export const sameId = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** The last part of an id, which is what people know the resource by. */
export const lastPart = (id: string | undefined): string => id?.split('/').at(-1) || 'none';
