import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { down } from '../stages/local/down.ts';
import { renderDown } from '../stages/local/down-view.ts';

export default class Down extends BaseCommand {
  static override summary = 'Stop the local stack.';
  static override description = 'Data, ports and logs stay for the next "oms up", unless --purge is given.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --purge'];
  static override flags = {
    purge: Flags.boolean({ env: 'OMS_PURGE', summary: 'also remove its data, ports, secrets and logs' }),
    yes: Flags.boolean({ char: 'y', env: 'OMS_YES', summary: 'do not ask before --purge' }),
  };

  async run() {
    const { flags, context } = await this.start(Down);
    const result = await down(context, flags);
    context.terminal.print(renderDown(result));
    return result;
  }
}
