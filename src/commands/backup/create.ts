import { resolve } from 'node:path';
import { BaseCommand } from '../../base-command.ts';
import { backupCreateFlags } from '../../config/backup-flags.ts';
import { DEFAULT_ENVIRONMENT } from '../../config/provision-options.ts';
import { createBackup } from '../../stages/backup/create.ts';
import { renderCreated } from '../../stages/backup/view.ts';

const KEPT = 14;

export default class BackupCreate extends BaseCommand {
  static override summary = "Write a copy of a deployed shop's database, while everything runs.";
  static override description =
    'The copy is consistent, is read again to its end, and lies on the server with the database. It holds how far the consumers were, so that what came later is stored again from the hub after a restore.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env demo',
    '<%= config.bin %> <%= command.id %> --env demo --keep 30 --download .oms/demo/backups',
  ];
  static override flags = backupCreateFlags;
  protected override readonly patient = true;

  async run() {
    const { flags, context } = await this.start(BackupCreate);
    const { env = DEFAULT_ENVIRONMENT, keep = KEPT, why } = flags;
    const download = flags.download === undefined ? undefined : resolve(flags.download);
    const result = await createBackup({ env, keep, download, why }, context);
    context.terminal.print(renderCreated(result, context.terminal));
    return result;
  }
}
