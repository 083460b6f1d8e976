import { BaseCommand } from '../../base-command.ts';
import { groupFlag, hubArgs, retentionFlag, runningHubFlags } from '../../config/hub-flags.ts';
import { changeHub } from '../../stages/hub/manage.ts';
import { renderHub } from '../../stages/hub/view.ts';

export default class HubUpdate extends BaseCommand {
  static override summary = 'Change a hub while it is used: its consumer groups, and how long events are kept.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> orders --add-group audit --remove-group billing',
    '<%= config.bin %> <%= command.id %> orders --retention 24h',
  ];
  static override args = hubArgs;
  static override flags = {
    ...runningHubFlags,
    'add-group': groupFlag('OMS_HUB_ADD_GROUPS', 'a consumer group to have'),
    'remove-group': groupFlag(
      'OMS_HUB_REMOVE_GROUPS',
      'a consumer group to have no more; its readers are disconnected',
    ),
    retention: retentionFlag,
  };

  async run() {
    const { args, flags, context } = await this.start(HubUpdate);
    const { url, data, 'add-group': groups, 'remove-group': removeGroups, retention: retentionMs } = flags;
    const hub = await changeHub(context, { url, data }, args.name, { groups, removeGroups, retentionMs });
    context.terminal.print(renderHub(hub, context.terminal));
    return hub;
  }
}
