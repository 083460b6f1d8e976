import { BaseCommand } from '../../base-command.ts';
import { backupListFlags } from '../../config/backup-flags.ts';
import { DEFAULT_ENVIRONMENT } from '../../config/provision-options.ts';
import { listBackups } from '../../stages/backup/list.ts';
import { renderBackups } from '../../stages/backup/view.ts';

export default class BackupList extends BaseCommand {
  static override summary = 'List the backups of a deployed shop, the newest first.';
  static override description =
    'Those on the server with the database, and those that were brought to .oms/<env>/backups on this machine.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env demo',
    '<%= config.bin %> <%= command.id %> --env demo --json',
  ];
  static override flags = backupListFlags;

  async run() {
    const { flags, context } = await this.start(BackupList);
    const result = await listBackups(flags.env ?? DEFAULT_ENVIRONMENT, context);
    context.terminal.print(renderBackups(result, context.terminal));
    return result;
  }
}
