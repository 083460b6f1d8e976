import { BaseCommand } from '../../base-command.ts';
import { faultFlags, runningHubFlags } from '../../config/hub-flags.ts';
import { faults } from '../../stages/hub/faults.ts';
import { renderFaults } from '../../stages/hub/view.ts';

export default class HubFaults extends BaseCommand {
  static override summary =
    'Let things go wrong on purpose: see how your code takes throttling, delays, duplicates and lost connections.';
  static override description =
    'Set once, they stay until --off or the end of the hub. Rates are shares of the batches that producers send, and of the events that consumers receive.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --set throttle=0.05 --set send:delay=0.1,200ms --seed 7',
    '<%= config.bin %> <%= command.id %> --set receive:detach=0.001 --hub orders',
    '<%= config.bin %> <%= command.id %> --off',
  ];
  static override flags = { ...runningHubFlags, ...faultFlags };

  async run() {
    const { flags, context } = await this.start(HubFaults);
    const { url, data, set, hub, seed, off } = flags;
    const settings = await faults(context, { url, data }, { set, hub, seed, off });
    context.terminal.print(renderFaults(settings));
    return settings;
  }
}
