import { BaseCommand } from '../base-command.ts';
import { rollbackFlags } from '../config/deploy-flags.ts';
import { rollbackOptions } from '../config/deploy-options.ts';
import { EXIT } from '../errors.ts';
import { deployReport, wouldBegin } from '../stages/deploy/deploy-view.ts';
import { rollBack } from '../stages/deploy/roll-back.ts';

export default class Rollback extends BaseCommand {
  static override summary = 'Bring back the release that ran before, without a failed request.';
  static override description =
    'The servers keep the last five releases with their images. The earlier one comes up beside the running one and takes over, as in a deployment. The schema stays as it is; where a migration has removed what the earlier release needs, it is refused.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env demo',
    '<%= config.bin %> <%= command.id %> --env demo --to r-0123456789ab --why "wrong prices"',
  ];
  static override flags = rollbackFlags;
  protected override readonly patient = true;

  async run() {
    const { flags, context } = await this.start(Rollback);
    const options = rollbackOptions(flags);
    const result = await rollBack(options, context);
    context.terminal.print(deployReport(result, `oms rollback --env ${options.env}`, context.terminal));
    if (!wouldBegin(result)) process.exitCode = EXIT.failed;
    return result;
  }
}
