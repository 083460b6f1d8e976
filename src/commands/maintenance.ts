import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { environmentFlag } from '../config/provision-flags.ts';
import { DEFAULT_ENVIRONMENT } from '../config/provision-options.ts';
import { maintenance } from '../stages/maintenance/maintenance.ts';
import { renderMaintenance } from '../stages/maintenance/view.ts';

export default class Maintenance extends BaseCommand {
  static override summary = 'Close a deployed shop for the public, and open it again.';
  static override description =
    'While it is closed everybody gets 503 with Retry-After: a page for people, problem+json for programs. The health check answers as ever, and orders that were taken go on. It stays closed across deployments, until it is opened.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> on --env demo --message "Back at noon."',
    '<%= config.bin %> <%= command.id %> off --env demo',
    '<%= config.bin %> <%= command.id %> status --env demo --json',
  ];
  static override args = {
    action: Args.string({ required: true, options: ['on', 'off', 'status'], description: 'what to do' }),
  };
  static override flags = {
    env: environmentFlag('OMS_MAINTENANCE_ENV'),
    message: Flags.string({
      env: 'OMS_MAINTENANCE_MESSAGE',
      summary: 'one sentence for visitors',
      helpValue: 'TEXT',
    }),
  };

  async run() {
    const { flags, args, context } = await this.start(Maintenance);
    const action = args.action as 'on' | 'off' | 'status';
    const options = { env: flags.env ?? DEFAULT_ENVIRONMENT, action, message: flags.message ?? null };
    const result = await maintenance(options, context);
    context.terminal.print(renderMaintenance(result, context.terminal));
    return result;
  }
}
