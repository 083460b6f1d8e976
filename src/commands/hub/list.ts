import { BaseCommand } from '../../base-command.ts';
import { runningHubFlags } from '../../config/hub-flags.ts';
import { listHubs } from '../../stages/hub/manage.ts';
import { renderHubs } from '../../stages/hub/view.ts';

export default class HubList extends BaseCommand {
  static override summary = 'List the hubs of a running local Event Hubs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --url http://127.0.0.1:5300',
  ];
  static override flags = runningHubFlags;

  async run() {
    const { flags, context } = await this.start(HubList);
    const hubs = await listHubs(context, { url: flags.url, data: flags.data });
    context.terminal.print(renderHubs(hubs, context.terminal));
    return hubs;
  }
}
