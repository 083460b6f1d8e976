import { Flags } from '@oclif/core';
import { parseChoice, parseCount, parseDuration, parseNumber } from './quantities.ts';
import { ARRIVALS, type Arrivals, OUTAGES, type OutageOf, SHAPES, type Shape } from './simulate-choices.ts';
import { databaseUrlFlag, producerUrlFlag } from './target-flags.ts';

const rate = { min: 1, max: 100_000, unit: 'orders a second', example: '--rate 500 or --rate 5k' };
const orders = { min: 1, max: 100_000_000, unit: 'orders', example: '--orders 10000 or --orders 10k' };
const seed = { min: 0, max: 4_294_967_295, unit: '(a whole number)', example: '--seed 42' };
const zipf = { min: 0, max: 5, unit: 'an exponent', example: '--zipf 1.0' };
const speed = { min: 0.000_001, max: 1_000_000_000, unit: 'a factor', example: '--speed 60' };
const scale = { min: 1, max: 10_000_000, unit: 'a factor', example: '--time-scale 1000000' };
const percent = { min: 0, max: 100, unit: 'a percentage', example: '2.5' };
const duration = { minMs: 100, maxMs: 86_400_000, range: '100ms to 24h', example: '--duration 30s or --duration 2m' };
const drain = { minMs: 0, maxMs: 3_600_000, range: '0s to 1h', example: '--drain-timeout 30s' };
const outage = { minMs: 100, maxMs: 600_000, range: '100ms to 10m', example: '--outage-duration 10s' };

const number = Flags.custom<number>();

/** What is sent when. */
const loadFlags = {
  rate: Flags.integer({
    env: 'OMS_SIMULATE_RATE',
    summary: 'orders a second, such as 500 or 5k; of a shape the peak (default 100, shaped 200)',
    parse: async (text) => parseCount(text, rate),
  }),
  duration: Flags.integer({
    env: 'OMS_SIMULATE_DURATION',
    summary: 'how long to send, such as 30s or 2m (default 30s, shaped 1m)',
    parse: async (text) => parseDuration(text, duration),
    exclusive: ['from'],
    relationships: [{ type: 'none', flags: [{ name: 'orders', when: async (given) => given.rate !== undefined }] }],
  }),
  orders: Flags.integer({
    env: 'OMS_SIMULATE_ORDERS',
    summary: 'so many orders, spread over the duration when one is given',
    parse: async (text) => parseCount(text, orders),
  }),
  seed: Flags.integer({
    env: 'OMS_SIMULATE_SEED',
    summary: 'the same seed asks for the same goods (default 42)',
    parse: async (text) => parseCount(text, seed),
  }),
  zipf: number({
    env: 'OMS_SIMULATE_ZIPF',
    summary: 'how uneven product popularity is; 0 makes all alike (default 1.0)',
    parse: async (text) => parseNumber(text, zipf),
  }),
  arrivals: Flags.custom<Arrivals>({
    env: 'OMS_SIMULATE_ARRIVALS',
    summary: 'evenly, or at random with the same mean (default uniform, shaped poisson)',
    helpValue: ARRIVALS.join('|'),
    parse: async (text) => parseChoice(text, ARRIVALS, '--arrivals poisson'),
  })(),
  shape: Flags.custom<Shape>({
    env: 'OMS_SIMULATE_SHAPE',
    summary: 'how the rate changes over the run',
    helpValue: SHAPES.join('|'),
    parse: async (text) => parseChoice(text, SHAPES, '--shape black-friday'),
    exclusive: ['from'],
  })(),
  from: Flags.string({ env: 'OMS_SIMULATE_FROM', summary: 'replay the recorded orders of this NDJSON file' }),
  speed: number({
    env: 'OMS_SIMULATE_SPEED',
    summary: 'replay so many times as fast as recorded',
    parse: async (text) => parseNumber(text, speed),
    dependsOn: ['from'],
    exclusive: ['rate', 'as-fast-as-possible'],
  }),
  'as-fast-as-possible': Flags.boolean({
    env: 'OMS_SIMULATE_AS_FAST_AS_POSSIBLE',
    summary: 'replay as fast as answers come, the default with --from',
    dependsOn: ['from'],
    exclusive: ['rate'],
  }),
};

/** What becomes of the orders, and what goes wrong beside them. */
const lifeFlags = {
  mix: Flags.string({
    env: 'OMS_SIMULATE_MIX',
    summary:
      'what becomes of orders: default (that of every shape but steady), none, declines=8,returns=12 (percent), or a JSON file of the same',
    exclusive: ['from'],
  }),
  'time-scale': number({
    env: 'OMS_SIMULATE_TIME_SCALE',
    summary: 'how much faster the clocks of these orders run (default 1, with a mix 1000000)',
    parse: async (text) => parseNumber(text, scale),
    exclusive: ['from'],
  }),
  'until-done': Flags.boolean({
    env: 'OMS_SIMULATE_UNTIL_DONE',
    summary: 'wait until every order has come to its end (the default with a mix)',
    allowNo: true,
  }),
  duplicates: number({
    env: 'OMS_SIMULATE_DUPLICATES',
    summary: 'percent of the orders that are sent once more, as requests or as events (shaped 1)',
    parse: async (text) => parseNumber(text, { ...percent, example: '--duplicates 2.5' }),
    exclusive: ['from'],
  }),
  'bad-events': number({
    env: 'OMS_SIMULATE_BAD_EVENTS',
    summary: 'so many unusable requests and events for a hundred orders (shaped 1)',
    parse: async (text) => parseNumber(text, { ...percent, example: '--bad-events 1' }),
    exclusive: ['from'],
  }),
  'flash-sku': Flags.string({
    env: 'OMS_SIMULATE_FLASH_SKU',
    summary: 'what a flash sale sells (default the last product of the catalogue)',
    dependsOn: ['shape'],
  }),
  'outage-of': Flags.custom<OutageOf>({
    env: 'OMS_SIMULATE_OUTAGE_OF',
    summary: 'what stands still in the middle of the outage shape (default hub)',
    helpValue: OUTAGES.join('|'),
    parse: async (text) => parseChoice(text, OUTAGES, '--outage-of hub'),
    dependsOn: ['shape'],
  })(),
  'outage-duration': Flags.integer({
    env: 'OMS_SIMULATE_OUTAGE_DURATION',
    summary: 'how long it stands still (default a fifth of the run, at most 10s)',
    parse: async (text) => parseDuration(text, outage),
    dependsOn: ['shape'],
  }),
};

/** The flags of `oms simulate`. */
export const simulateFlags = {
  ...loadFlags,
  ...lifeFlags,
  'drain-timeout': Flags.integer({
    env: 'OMS_SIMULATE_DRAIN_TIMEOUT',
    summary: 'how long to wait for the last orders to be stored, or to end (default 30s, until done 5m)',
    parse: async (text) => parseDuration(text, drain),
  }),
  url: producerUrlFlag(),
  'database-url': databaseUrlFlag(),
};
