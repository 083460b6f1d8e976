import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { parseLetterId } from '../../config/quantities.ts';
import { databaseUrlFlag } from '../../config/target-flags.ts';
import { showLetter } from '../../stages/dlq/letters.ts';
import { renderLetter } from '../../stages/dlq/view.ts';

export default class DlqShow extends BaseCommand {
  static override summary = 'Show a dead letter: why it failed, what waits behind it, and the event itself.';
  static override examples = ['<%= config.bin %> <%= command.id %> 12'];
  static override args = {
    id: Args.custom<number>({ parse: async (text) => parseLetterId(text) })({
      required: true,
      description: 'number of a dead letter, as oms dlq list shows it',
    }),
  };
  static override flags = { 'database-url': databaseUrlFlag() };

  async run() {
    const { args, flags, context } = await this.start(DlqShow);
    const letter = await showLetter({ id: args.id, databaseUrl: flags['database-url'] }, context);
    context.terminal.print(renderLetter(letter, context.terminal));
    return letter;
  }
}
