import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { environmentFlag } from '../config/provision-flags.ts';
import { DEFAULT_ENVIRONMENT } from '../config/provision-options.ts';
import { siteHistory } from '../stages/site/history.ts';
import { renderHistory } from '../stages/site/status-view.ts';

export default class History extends BaseCommand {
  static override summary = 'Show what was done to the servers of an environment: who, when, why, how it ended.';
  static override description = 'The audit trails of all servers and of this machine together, the newest last.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env demo',
    '<%= config.bin %> <%= command.id %> --env demo --lines 100 --json',
  ];
  static override flags = {
    env: environmentFlag('OMS_HISTORY_ENV'),
    lines: Flags.integer({
      env: 'OMS_HISTORY_LINES',
      default: 20,
      min: 1,
      max: 1_000,
      summary: 'how many of the last entries',
    }),
  };

  async run() {
    const { flags, context } = await this.start(History);
    const result = await siteHistory(flags.env ?? DEFAULT_ENVIRONMENT, flags.lines, context);
    context.terminal.print(renderHistory(result.entries, context.terminal.width));
    return result;
  }
}
