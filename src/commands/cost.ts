import { BaseCommand } from '../base-command.ts';
import { workloadFlags } from '../config/workload-flags.ts';
import { cost, costText } from '../stages/cost/cost.ts';

export default class Cost extends BaseCommand {
  static override summary = 'Say what a rate of orders needs of Event Hubs, and what of it is billed by what.';
  static override description =
    'Throughput units or processing units, partitions, growth of the archive and cost drivers, with the arithmetic shown; for the orders as asked and for their whole life. Nothing is touched and nobody has to be logged in. Quantities, no prices.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --rate 5000',
    '<%= config.bin %> <%= command.id %> --rate 5000 --event-bytes 1024 --consumers 3',
    '<%= config.bin %> <%= command.id %> --rate 500 --events-per-order 8 --json',
  ];
  static override flags = workloadFlags('OMS_COST');

  async run() {
    const { flags, context } = await this.start(Cost);
    const result = cost({
      rate: flags.rate,
      eventBytes: flags['event-bytes'],
      eventsPerOrder: flags['events-per-order'],
      consumers: flags.consumers,
      sku: flags.sku,
      captureIntervalSeconds: flags['capture-interval'],
      archiveRedundancy: flags['archive-redundancy'],
    });
    context.terminal.print(costText(result, context.terminal));
    return result;
  }
}
