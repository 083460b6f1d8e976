import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { parseCount } from '../../config/quantities.ts';
import { databaseUrlFlag } from '../../config/target-flags.ts';
import { listLetters } from '../../stages/dlq/letters.ts';
import { LETTER_STATES } from '../../stages/dlq/result.ts';
import { renderLetters } from '../../stages/dlq/view.ts';

const limit = { min: 1, max: 10_000, unit: 'dead letters', example: '--limit 50' };

export default class DlqList extends BaseCommand {
  static override summary = 'List the events that could not be used, the newest first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --state all --reason schema',
  ];
  static override flags = {
    state: Flags.option({ options: [...LETTER_STATES, 'all'] as const })({
      env: 'OMS_DLQ_STATE',
      default: 'open',
      summary: 'what became of them',
    }),
    reason: Flags.string({ env: 'OMS_DLQ_REASON', summary: 'only those that failed for this reason' }),
    limit: Flags.integer({
      env: 'OMS_DLQ_LIMIT',
      summary: 'how many (default 20)',
      parse: async (text) => parseCount(text, limit),
    }),
    'database-url': databaseUrlFlag(),
  };

  async run() {
    const { flags, context } = await this.start(DlqList);
    const { state, reason, limit = 20, 'database-url': databaseUrl } = flags;
    const list = await listLetters({ state, reason, limit, databaseUrl }, context);
    context.terminal.print(renderLetters(list, context.terminal));
    return list;
  }
}
