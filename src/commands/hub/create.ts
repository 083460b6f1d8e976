import { BaseCommand } from '../../base-command.ts';
import { groupFlag, hubArgs, partitionsFlag, retentionFlag, runningHubFlags } from '../../config/hub-flags.ts';
import { createHub } from '../../stages/hub/manage.ts';
import { renderHub } from '../../stages/hub/view.ts';

const DEFAULT_PARTITIONS = 4;

export default class HubCreate extends BaseCommand {
  static override summary = 'Make a hub in a running local Event Hubs; it is there again after a restart.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> orders --partitions 8 --group billing --group audit',
    '<%= config.bin %> <%= command.id %> clicks --retention 24h',
  ];
  static override args = hubArgs;
  static override flags = {
    ...runningHubFlags,
    partitions: partitionsFlag,
    group: groupFlag('OMS_HUB_GROUPS', 'a consumer group besides $default'),
    retention: retentionFlag,
  };

  async run() {
    const { args, flags, context } = await this.start(HubCreate);
    const { url, data, partitions = DEFAULT_PARTITIONS, group: groups, retention: retentionMs } = flags;
    const hub = await createHub(context, { url, data }, args.name, { partitions, groups, retentionMs });
    context.terminal.print(renderHub(hub, context.terminal));
    return hub;
  }
}
