import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { chosenLetters, letterArgs, resolveFlags } from '../../config/dlq-flags.ts';
import { dropLetters } from '../../stages/dlq/resolve.ts';
import { renderResolution } from '../../stages/dlq/view.ts';

export default class DlqDrop extends BaseCommand {
  static override summary = 'Give events up that could not be used; what waited behind them goes on.';
  static override description = 'The dead letters stay as a record.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12',
    '<%= config.bin %> <%= command.id %> --all --yes',
  ];
  static override args = letterArgs;
  static override flags = {
    ...resolveFlags,
    yes: Flags.boolean({ char: 'y', env: 'OMS_YES', summary: 'do not ask before --all' }),
  };

  async run() {
    const { args, flags, context } = await this.start(DlqDrop);
    const { yes, 'database-url': databaseUrl } = flags;
    const result = await dropLetters({ ids: chosenLetters(args.ids, flags.all), yes, databaseUrl }, context);
    context.terminal.print(renderResolution(result, context.terminal));
    return result;
  }
}
