import { Flags } from '@oclif/core';
import { parseChoice, parseCount, parseDuration, QuantityError } from './quantities.ts';

const rate = { min: 1, max: 1_000_000, unit: 'orders a second', example: '--rate 5000 or --rate 5k' };
const eventBytes = { min: 1, max: 1_048_576, unit: 'bytes', example: '--event-bytes 1024' };
const events = { min: 1, max: 100, unit: 'events', example: '--events-per-order 8' };
const consumers = { min: 1, max: 99, unit: 'consumer groups', example: '--consumers 3' };
const interval = { minMs: 60_000, maxMs: 900_000, range: '60s to 15m', example: '--capture-interval 5m' };

export const SKUS = ['Standard', 'Premium'] as const;
export type Sku = (typeof SKUS)[number];

export const REDUNDANCIES = ['RAGRS', 'RAGZRS'] as const;
export type Redundancy = (typeof REDUNDANCIES)[number];

/** Orders a second. @throws {QuantityError} naming range and example */
export const parseRate = (text: string): number => parseCount(text, rate);

/** "5m" -> 300 */
function parseInterval(text: string): number {
  const ms = parseDuration(text, interval);
  if (ms % 1_000 === 0) return ms / 1_000;
  throw new QuantityError(`expected whole seconds, got "${text}"; for example ${interval.example}`);
}

/** What a namespace is sized by. @param prefix of the variables: OMS_PROVISION or OMS_COST */
export const workloadFlags = (prefix: 'OMS_PROVISION' | 'OMS_COST') => ({
  rate: Flags.integer({
    env: `${prefix}_RATE`,
    summary: 'orders a second at the peak, such as 500 or 5k',
    helpValue: 'NUMBER',
    parse: async (text) => parseRate(text),
  }),
  'event-bytes': Flags.integer({
    env: `${prefix}_EVENT_BYTES`,
    summary: 'mean bytes of one event (default: what our own events have, 1693 for a placed order)',
    helpValue: 'BYTES',
    parse: async (text) => parseCount(text, eventBytes),
  }),
  consumers: Flags.integer({
    env: `${prefix}_CONSUMERS`,
    summary: 'consumer groups that each read everything (default 1)',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, consumers),
  }),
  'events-per-order': Flags.integer({
    env: `${prefix}_EVENTS_PER_ORDER`,
    summary: 'events an order becomes; 8 is its whole life (default 1: placed orders alone)',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, events),
  }),
  sku: Flags.custom<Sku>({
    env: `${prefix}_SKU`,
    summary: `tier of the namespace (default ${prefix === 'OMS_COST' ? 'the first that holds the load' : 'Standard'})`,
    helpValue: SKUS.join('|'),
    parse: async (text) => parseChoice(text, SKUS, '--sku Premium'),
  })(),
  'capture-interval': Flags.integer({
    env: `${prefix}_CAPTURE_INTERVAL`,
    summary: 'longest time that one file of the archive covers, 60s to 15m (default 5m)',
    helpValue: 'DURATION',
    parse: async (text) => parseInterval(text),
  }),
  'archive-redundancy': Flags.custom<Redundancy>({
    env: `${prefix}_ARCHIVE_REDUNDANCY`,
    summary: 'RAGRS has the Archive tier, RAGZRS zones instead; it can never be changed (default RAGRS)',
    helpValue: REDUNDANCIES.join('|'),
    parse: async (text) => parseChoice(text, REDUNDANCIES, '--archive-redundancy RAGRS'),
  })(),
});
