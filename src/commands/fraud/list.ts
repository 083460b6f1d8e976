import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { parseCount } from '../../config/quantities.ts';
import { databaseUrlFlag } from '../../config/target-flags.ts';
import { listReview } from '../../stages/fraud/list.ts';
import { listReport } from '../../stages/fraud/view.ts';

const limit = { min: 1, max: 10_000, unit: 'orders', example: '--limit 100' };
const USUAL_LIMIT = 50;

export default class FraudList extends BaseCommand {
  static override summary = 'List the orders that wait for a person to decide on them.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --limit 200'];
  static override flags = {
    limit: Flags.integer({
      env: 'OMS_FRAUD_LIMIT',
      summary: `orders shown at most (default ${USUAL_LIMIT})`,
      parse: async (text) => parseCount(text, limit),
    }),
    'database-url': databaseUrlFlag(),
  };

  async run() {
    const { flags, context } = await this.start(FraudList);
    const result = await listReview({ limit: flags.limit ?? USUAL_LIMIT, databaseUrl: flags['database-url'] }, context);
    context.terminal.print(listReport(result, context.terminal));
    return result;
  }
}
