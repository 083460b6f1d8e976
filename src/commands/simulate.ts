import { BaseCommand } from '../base-command.ts';
import { simulateFlags } from '../config/simulate-flags.ts';
import { EXIT } from '../errors.ts';
import { simulate } from '../stages/simulate/simulate.ts';
import { finalReport } from '../stages/simulate/view.ts';

export default class Simulate extends BaseCommand {
  static override summary =
    'Send orders at a rate or along a shape, follow each one into the database, and judge the result.';
  static override description =
    'Orders are due when the schedule says so, whether or not earlier ones were answered (an open loop), and each latency runs from the moment the order was due, so that a server that stands still shows. With a mix, which every shape but steady brings along, orders live their whole life: payments are declined and repeated, parcels get lost, customers cancel, answer and send back, staff reviews. Ends with a verdict: exit 0 for pass, 1 otherwise. Recorded orders (--from) keep one key each, so that replaying a file twice stores nothing twice.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --rate 500 --duration 30s',
    '<%= config.bin %> <%= command.id %> --shape black-friday --orders 2000 --seed 7',
    '<%= config.bin %> <%= command.id %> --from orders.ndjson --speed 1000',
  ];
  static override flags = simulateFlags;

  async run() {
    const { flags, context } = await this.start(Simulate);
    const result = await simulate(
      {
        ...flags,
        durationMs: flags.duration,
        seed: flags.seed ?? 42,
        zipf: flags.zipf ?? 1,
        timeScale: flags['time-scale'],
        untilDone: flags['until-done'],
        badEvents: flags['bad-events'],
        flashSku: flags['flash-sku'],
        outageOf: flags['outage-of'],
        outageMs: flags['outage-duration'],
        drainTimeoutMs: flags['drain-timeout'],
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
