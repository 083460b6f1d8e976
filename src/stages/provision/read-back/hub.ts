import { nameFormatProblems } from '../../../../lib/archive/capture-name.ts';
import type { HubFacts } from '../../../adapters/azure/cloud.ts';
import type { HubSpec } from '../topology.ts';
import { type Expectation, lastPart, listed, onOff, sameId } from './expectation.ts';

/** Every hub has this group, and nobody can take it away. */
const DEFAULT_GROUP = '$Default';

const common = (spec: HubSpec): Expectation<HubFacts>[] => [
  {
    ...{ name: 'state', weight: 'error' },
    expected: () => 'Active',
    actual: ({ state }) => state,
  },
  {
    // Fewer or more: the order of an order's events rests on the number, which Standard cannot change.
    ...{ name: 'partitions', weight: 'error' },
    expected: ({ environment }) =>
      String(spec.partitions === 'sized' ? environment.capacity.partitions : spec.partitions),
    actual: ({ partitions }) => String(partitions),
  },
  {
    ...{ name: 'retention', weight: 'error' },
    expected: () => `${spec.retentionHours} h`,
    actual: ({ retentionHours }) => (retentionHours === undefined ? 'not set' : `${retentionHours} h`),
  },
  {
    ...{ name: 'consumer groups', weight: 'error' },
    expected: () => listed(spec.consumerGroups),
    actual: ({ consumerGroups }) => listed(consumerGroups.filter((group) => group !== DEFAULT_GROUP)),
    holds: ({ consumerGroups }) => spec.consumerGroups.every((group) => consumerGroups.includes(group)),
  },
  {
    ...{ name: 'capture', weight: 'error' },
    expected: () => onOff(spec.capture),
    actual: ({ capture }) => onOff(capture?.enabled ?? false),
  },
];

const CAPTURE: readonly Expectation<HubFacts>[] = [
  {
    ...{ name: 'capture format', weight: 'error' },
    expected: () => 'Avro',
    actual: ({ capture }) => capture?.encoding || 'not set',
  },
  {
    ...{ name: 'capture interval', weight: 'warning' },
    expected: ({ environment }) => `${environment.captureIntervalSeconds} s`,
    actual: ({ capture }) => `${capture?.intervalSeconds} s`,
  },
  {
    ...{ name: 'capture identity', weight: 'error' },
    expected: ({ outputs }) => lastPart(outputs.capture_identity.id),
    actual: ({ capture }) => lastPart(capture?.identityId),
    holds: ({ capture }, { outputs }) => sameId(capture?.identityId, outputs.capture_identity.id),
  },
  {
    ...{ name: 'capture account', weight: 'error' },
    expected: ({ outputs }) => lastPart(outputs.archive.account_id),
    actual: ({ capture }) => lastPart(capture?.accountId),
    holds: ({ capture }, { outputs }) => sameId(capture?.accountId, outputs.archive.account_id),
  },
  {
    ...{ name: 'capture container', weight: 'error' },
    expected: ({ outputs }) => outputs.archive.container,
    actual: ({ capture }) => capture?.container || 'none',
  },
  {
    ...{ name: 'capture file names', weight: 'error' },
    expected: () => 'all nine tokens',
    actual: ({ capture }) => nameFormatProblems(capture?.nameFormat ?? '').join(', ') || 'all nine tokens',
  },
];

/** What is expected of a hub; what Capture is to do only where it is on. */
export const expectationsOf = (spec: HubSpec, facts: HubFacts | undefined): Expectation<HubFacts>[] =>
  spec.capture && facts?.capture?.enabled ? [...common(spec), ...CAPTURE] : common(spec);
