import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { backupRestoreFlags, parseBackupName } from '../../config/backup-flags.ts';
import { DEFAULT_ENVIRONMENT } from '../../config/provision-options.ts';
import { restoreBackup } from '../../stages/backup/restore.ts';
import { renderRestored } from '../../stages/backup/view.ts';

export default class BackupRestore extends BaseCommand {
  static override summary = "Replace a deployed shop's database with a backup, after its name was typed.";
  static override description =
    'Shows first what would be lost. The backup is loaded and counted beside the database, then both change places while consumers rest; the shop takes orders all the while. Orders since the backup are stored again from the hub; where it no longer has them, the restore is refused.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> latest --env demo',
    '<%= config.bin %> <%= command.id %> 20261121T023000Z --env demo --confirm demo --why "prices were deleted"',
  ];
  static override args = {
    name: Args.string({
      required: true,
      description: 'name of the backup, or latest',
      parse: async (text) => parseBackupName(text),
    }),
  };
  static override flags = backupRestoreFlags;
  protected override readonly patient = true;

  async run() {
    const { flags, args, context } = await this.start(BackupRestore);
    const { env = DEFAULT_ENVIRONMENT, confirm, why } = flags;
    const choice = { backupFirst: flags['backup-first'], acceptLoss: flags['accept-loss'] ?? false };
    const result = await restoreBackup({ env, name: args.name, confirm, why, ...choice }, context);
    context.terminal.print(renderRestored(result, context.terminal));
    return result;
  }
}
