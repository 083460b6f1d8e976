import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { hubArgs, runningHubFlags } from '../../config/hub-flags.ts';
import { deleteHub } from '../../stages/hub/manage.ts';
import { renderRemoved } from '../../stages/hub/view.ts';

export default class HubDelete extends BaseCommand {
  static override summary = 'Remove a hub with its events; whoever uses it is disconnected.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> orders',
    '<%= config.bin %> <%= command.id %> orders --yes',
  ];
  static override args = hubArgs;
  static override flags = {
    ...runningHubFlags,
    yes: Flags.boolean({ char: 'y', env: 'OMS_YES', summary: 'do not ask' }),
  };

  async run() {
    const { args, flags, context } = await this.start(HubDelete);
    const result = await deleteHub(context, { url: flags.url, data: flags.data }, args.name, flags.yes);
    context.terminal.print(renderRemoved(result));
    return result;
  }
}
