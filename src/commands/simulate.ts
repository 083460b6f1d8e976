import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { parseChoice, parseCount, parseDuration, parseNumber } from '../config/quantities.ts';
import { databaseUrlFlag, producerUrlFlag } from '../config/target-flags.ts';
import { EXIT } from '../errors.ts';
import { ARRIVALS, type Arrivals } from '../stages/simulate/schedule.ts';
import { SHAPES, type Shape } from '../stages/simulate/shapes.ts';
import { simulate } from '../stages/simulate/simulate.ts';
import { finalReport } from '../stages/simulate/view.ts';

const rate = { min: 1, max: 100_000, unit: 'orders a second', example: '--rate 500 or --rate 5k' };
const orders = { min: 1, max: 100_000_000, unit: 'orders', example: '--orders 10000 or --orders 10k' };
const seed = { min: 0, max: 4_294_967_295, unit: '(a whole number)', example: '--seed 42' };
const zipf = { min: 0, max: 5, unit: 'an exponent', example: '--zipf 1.0' };
const speed = { min: 0.000_001, max: 1_000_000_000, unit: 'a factor', example: '--speed 60' };
const duration = { minMs: 100, maxMs: 86_400_000, range: '100ms to 24h', example: '--duration 30s or --duration 2m' };
const scale = { min: 1, max: 10_000_000, unit: 'a factor', example: '--time-scale 200000' };
const drain = { minMs: 0, maxMs: 3_600_000, range: '0s to 1h', example: '--drain-timeout 30s' };

export default class Simulate extends BaseCommand {
  static override summary = 'Send orders at a fixed rate, follow each one into the database, and judge the result.';
  static override description =
    'Orders are due at t0 + i / rate whether or not earlier ones were answered (an open loop), and each latency runs from the moment the order was due, so that a server that stands still shows. Ends with a verdict: exit 0 for pass, 1 otherwise. Recorded orders (--from) keep one key each, so that replaying a file twice stores nothing twice.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --rate 500 --duration 30s',
    '<%= config.bin %> <%= command.id %> --from orders.ndjson --speed 1000',
  ];
  static override flags = {
    rate: Flags.integer({
      env: 'OMS_SIMULATE_RATE',
      summary: 'orders a second, such as 500 or 5k; with a shape at its peak (default 100, shaped 200)',
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
    zipf: Flags.custom<number>({
      env: 'OMS_SIMULATE_ZIPF',
      summary: 'how uneven product popularity is; 0 makes all alike (default 1.0)',
      parse: async (text) => parseNumber(text, zipf),
    })(),
    arrivals: Flags.custom<Arrivals>({
      env: 'OMS_SIMULATE_ARRIVALS',
      summary: 'evenly, or at random with the same mean (default uniform, shaped poisson)',
      helpValue: 'uniform|poisson',
      parse: async (text) => parseChoice(text, ARRIVALS, '--arrivals poisson'),
    })(),
    shape: Flags.custom<Shape>({
      env: 'OMS_SIMULATE_SHAPE',
      summary: 'how the rate changes over the run',
      helpValue: SHAPES.join('|'),
      parse: async (text) => parseChoice(text, SHAPES, '--shape black-friday'),
      exclusive: ['from'],
    })(),
    mix: Flags.string({
      env: 'OMS_SIMULATE_MIX',
      summary: 'what becomes of orders: default, none, declines=8,returns=12 (percent), or a JSON file of the same',
      exclusive: ['from'],
    }),
    'time-scale': Flags.custom<number>({
      env: 'OMS_SIMULATE_TIME_SCALE',
      summary: 'how much faster the clocks of these orders run (default 1, with a mix 200000)',
      parse: async (text) => parseNumber(text, scale),
      exclusive: ['from'],
    })(),
    from: Flags.string({ env: 'OMS_SIMULATE_FROM', summary: 'replay the recorded orders of this NDJSON file' }),
    speed: Flags.custom<number>({
      env: 'OMS_SIMULATE_SPEED',
      summary: 'replay so many times as fast as recorded',
      parse: async (text) => parseNumber(text, speed),
      dependsOn: ['from'],
      exclusive: ['rate', 'as-fast-as-possible'],
    })(),
    'as-fast-as-possible': Flags.boolean({
      env: 'OMS_SIMULATE_AS_FAST_AS_POSSIBLE',
      summary: 'replay as fast as answers come, the default with --from',
      dependsOn: ['from'],
      exclusive: ['rate'],
    }),
    'drain-timeout': Flags.integer({
      env: 'OMS_SIMULATE_DRAIN_TIMEOUT',
      summary: 'how long to wait for the last orders to be stored (default 30s)',
      parse: async (text) => parseDuration(text, drain),
    }),
    url: producerUrlFlag(),
    'database-url': databaseUrlFlag(),
  };

  async run() {
    const { flags, context } = await this.start(Simulate);
    const result = await simulate(
      {
        rate: flags.rate,
        durationMs: flags.duration,
        orders: flags.orders,
        seed: flags.seed ?? 42,
        zipf: flags.zipf ?? 1,
        arrivals: flags.arrivals,
        from: flags.from,
        speed: flags.speed,
        shape: flags.shape,
        mix: flags.mix,
        timeScale: flags['time-scale'],
        drainTimeoutMs: flags['drain-timeout'] ?? 30_000,
        url: flags.url,
        databaseUrl: flags['database-url'],
      },
      context,
    );
    context.terminal.print(finalReport(result, context.terminal));
    if (result.verdict !== 'pass') {
      process.exitCode = result.verdict === 'interrupted' ? EXIT.interrupted : EXIT.failed;
    }
    return result;
  }
}
