import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { parseEnvironmentName } from '../config/azure-values.ts';
import { environmentFlag } from '../config/provision-flags.ts';
import { DEFAULT_ENVIRONMENT } from '../config/provision-options.ts';
import { destroy } from '../stages/destroy/destroy.ts';
import { destroyReport } from '../stages/destroy/view.ts';

export default class Destroy extends BaseCommand {
  static override summary = 'Destroy what oms provision made, after its name was typed.';
  static override description =
    'Shows what goes and what cannot: a locked archive stays with its resource group until its last file is ten years old. Nothing is destroyed without the typed name, or --confirm with it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env demo --plan-only',
    '<%= config.bin %> <%= command.id %> --env demo',
    '<%= config.bin %> <%= command.id %> --env demo --keep-archive --confirm demo',
  ];
  static override flags = {
    env: environmentFlag('OMS_DESTROY_ENV'),
    'keep-archive': Flags.boolean({
      env: 'OMS_DESTROY_KEEP_ARCHIVE',
      summary: 'leave the archive and its resource group where they are',
    }),
    'plan-only': Flags.boolean({ env: 'OMS_DESTROY_PLAN_ONLY', summary: 'show what would go, destroy nothing' }),
    confirm: Flags.string({
      env: 'OMS_DESTROY_CONFIRM',
      summary: 'the name of the environment, where nobody can be asked to type it',
      helpValue: 'NAME',
      parse: async (text) => parseEnvironmentName(text, '--confirm'),
    }),
  };
  protected override readonly patient = true;

  async run() {
    const { flags, context } = await this.start(Destroy);
    const { env = DEFAULT_ENVIRONMENT, confirm } = flags;
    const options = {
      env,
      confirm,
      keepArchive: flags['keep-archive'] ?? false,
      planOnly: flags['plan-only'] ?? false,
    };
    const result = await destroy(options, context);
    context.terminal.print(destroyReport(result, context.terminal));
    return result;
  }
}
