import type { ArchiveFacts } from '../../../adapters/azure/cloud.ts';
import { ARCHIVE_DAYS } from '../topology.ts';
import { type Expectation, onOff } from './expectation.ts';

const actionsOf = ({ lifecycle }: ArchiveFacts): string[] => lifecycle.flatMap(({ actions }) => actions);

/** Of blobs, snapshots and versions alike. */
const deletes = (facts: ArchiveFacts): string[] =>
  facts.lifecycle
    .filter(({ actions }) => actions.some((action) => /(?:^|\.)delete$/i.test(action)))
    .map(({ name }) => name);

const TIERS = [
  ['tierToCool', 'cool'],
  ['tierToCold', 'cold'],
  ['tierToArchive', 'archive'],
] as const;

/** Azure offers the Archive tier only without zone redundancy. */
const dueTiers = (redundancy: string) =>
  TIERS.filter(([action]) => redundancy === 'RAGRS' || action !== 'tierToArchive');

export const ARCHIVE: readonly Expectation<ArchiveFacts>[] = [
  {
    ...{ name: 'redundancy', weight: 'error' },
    expected: ({ environment }) => `Standard_${environment.archiveRedundancy}`,
    actual: ({ redundancy }) => redundancy,
  },
  {
    ...{ name: 'shared keys', weight: 'error' },
    expected: () => 'off',
    actual: ({ sharedKeys }) => onOff(sharedKeys),
  },
  {
    ...{ name: 'public blobs', weight: 'error' },
    expected: () => 'off',
    actual: ({ publicBlobs }) => onOff(publicBlobs),
  },
  {
    ...{ name: 'oldest TLS', weight: 'error' },
    expected: () => 'TLS1_2',
    actual: ({ minimumTls }) => minimumTls ?? 'not set',
    holds: ({ minimumTls }) => minimumTls === 'TLS1_2' || minimumTls === 'TLS1_3',
  },
  {
    ...{ name: 'other addresses', weight: 'error' },
    expected: () => 'Deny',
    actual: ({ defaultAction }) => defaultAction,
  },
  {
    // Without it Capture cannot pass the firewall, and nothing says so until a file is missed.
    ...{ name: 'trusted services', weight: 'error' },
    expected: () => 'on',
    actual: ({ trustedServices }) => onOff(trustedServices ?? false),
  },
  {
    ...{ name: 'kept unchanged for', weight: 'error' },
    expected: () => `${ARCHIVE_DAYS} days or more`,
    actual: ({ policy }) => (policy ? `${policy.days} days` : 'no policy'),
    holds: ({ policy }) => (policy?.days ?? 0) >= ARCHIVE_DAYS,
  },
  {
    ...{ name: 'policy', weight: 'error' },
    expected: ({ environment }) => (environment.archiveLocked ? 'Locked' : 'Unlocked'),
    actual: ({ policy }) => policy?.state ?? 'no policy',
  },
  {
    ...{ name: 'lifecycle rules that delete', weight: 'error' },
    expected: () => 'none',
    actual: (facts) => deletes(facts).join(', ') || 'none',
  },
  {
    ...{ name: 'tiers with age', weight: 'warning' },
    expected: ({ environment }) =>
      dueTiers(environment.archiveRedundancy)
        .map(([, tier]) => tier)
        .join(', '),
    actual(facts) {
      const actions = actionsOf(facts);
      return (
        TIERS.filter(([action]) => actions.includes(action))
          .map(([, tier]) => tier)
          .join(', ') || 'none'
      );
    },
  },
];
