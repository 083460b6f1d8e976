import type { Management } from '../../../adapters/azure/cloud.ts';
import type { Expectation } from './expectation.ts';

export type RecoveryFacts = NonNullable<Awaited<ReturnType<Management['recovery']>>>;

export const RECOVERY: readonly Expectation<RecoveryFacts>[] = [
  {
    ...{ name: 'alias', weight: 'error' },
    expected: ({ outputs }) => outputs.namespace.geo_alias ?? 'any',
    actual: ({ alias }) => alias,
    holds: ({ alias }, { outputs }) => outputs.namespace.geo_alias === null || alias === outputs.namespace.geo_alias,
  },
  {
    ...{ name: 'role of this namespace', weight: 'error' },
    expected: () => 'Primary',
    actual: ({ role }) => role,
  },
  {
    ...{ name: 'state', weight: 'error' },
    expected: () => 'Succeeded',
    actual: ({ state }) => state,
  },
];
