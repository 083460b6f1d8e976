import { BaseCommand } from '../../base-command.ts';
import { hubArgs, runningHubFlags } from '../../config/hub-flags.ts';
import { showHub } from '../../stages/hub/manage.ts';
import { renderHub } from '../../stages/hub/view.ts';

export default class HubShow extends BaseCommand {
  static override summary =
    'Show the partitions of a hub: sequence numbers, rates, readers and how far behind they are.';
  static override examples = ['<%= config.bin %> <%= command.id %> orders'];
  static override args = hubArgs;
  static override flags = runningHubFlags;

  async run() {
    const { args, flags, context } = await this.start(HubShow);
    const hub = await showHub(context, { url: flags.url, data: flags.data }, args.name);
    context.terminal.print(renderHub(hub, context.terminal));
    return hub;
  }
}
