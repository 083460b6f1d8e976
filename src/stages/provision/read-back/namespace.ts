import type { NamespaceFacts } from '../../../adapters/azure/cloud.ts';
import { type Expectation, listed, onOff } from './expectation.ts';

/** Azure gives a range of one address back without its /32. */
const plainRange = (range: string): string => range.replace(/\/32$/, '');
const ranges = (list: readonly string[]): string => listed(list.map(plainRange));

/** "West Europe" and "westeurope" are one region. */
const region = (name: string): string => name.replaceAll(' ', '').toLowerCase();

const isPublic = (allowedRanges: readonly string[]): boolean => allowedRanges.length > 0;

export const NAMESPACE: readonly Expectation<NamespaceFacts>[] = [
  {
    ...{ name: 'state', weight: 'error' },
    expected: () => 'Succeeded',
    actual: ({ state }) => state,
  },
  {
    ...{ name: 'region', weight: 'error' },
    expected: ({ environment }) => region(environment.region),
    actual: ({ location }) => region(location),
  },
  {
    ...{ name: 'tier', weight: 'error' },
    expected: ({ environment }) => environment.capacity.sku,
    actual: ({ sku }) => sku,
  },
  {
    // Auto-inflate may have been at work; it never goes back by itself.
    ...{ name: 'units', weight: 'warning' },
    expected({ environment: { capacity } }) {
      return capacity.maximumUnits > capacity.units
        ? `${capacity.units} to ${capacity.maximumUnits}`
        : `${capacity.units}`;
    },
    actual: ({ units }) => String(units),
    holds({ units }, { environment: { capacity } }) {
      return units >= capacity.units && units <= Math.max(capacity.units, capacity.maximumUnits);
    },
  },
  {
    ...{ name: 'auto-inflate up to', weight: 'warning' },
    expected: ({ environment: { capacity } }) => (capacity.maximumUnits > 0 ? String(capacity.maximumUnits) : 'off'),
    actual: ({ autoInflate, maximumUnits }) => (autoInflate ? String(maximumUnits) : 'off'),
  },
  {
    ...{ name: 'shared access keys', weight: 'error' },
    expected: ({ environment }) => onOff(environment.sasFallback),
    actual: ({ localAuthDisabled }) => onOff(!localAuthDisabled),
  },
  {
    ...{ name: 'oldest TLS', weight: 'error' },
    expected: () => '1.2',
    actual: ({ minimumTls }) => minimumTls ?? 'not set',
    holds: ({ minimumTls }) => minimumTls === '1.2' || minimumTls === '1.3',
  },
  {
    ...{ name: 'public network access', weight: 'error' },
    expected: ({ environment }) => (isPublic(environment.allowedRanges) ? 'Enabled' : 'Disabled'),
    actual: ({ publicNetworkAccess }) => publicNetworkAccess ?? 'not set',
  },
  {
    ...{ name: 'other addresses', weight: 'error' },
    expected: () => 'Deny',
    actual: ({ network }) => network.defaultAction,
  },
  {
    ...{ name: 'allowed ranges', weight: 'error' },
    expected: ({ environment }) => ranges(environment.allowedRanges),
    actual: ({ network }) => ranges(network.ranges),
  },
];
