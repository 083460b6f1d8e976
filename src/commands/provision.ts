import { BaseCommand } from '../base-command.ts';
import { provisionFlags } from '../config/provision-flags.ts';
import { provisionOptions } from '../config/provision-options.ts';
import { EXIT } from '../errors.ts';
import { findDrift } from '../stages/provision/find-drift.ts';
import { provision } from '../stages/provision/provision.ts';
import { releaseLock } from '../stages/provision/release-lock.ts';
import { provisionReport } from '../stages/provision/view.ts';

export default class Provision extends BaseCommand {
  static override summary = 'Make an Event Hubs namespace with a ten-year archive in Azure, and prove that it works.';
  static override description =
    'Sizes the namespace, checks everything beforehand, shows the plan, applies it with Terraform after a yes, reads it back from Azure and sends an event through it. Ctrl-C once lets Terraform stop by itself. With --drift it ends with 2 when something was changed outside of oms; with 1 when what was read back differs. See docs/provision.md.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env demo --region westeurope --rate 5000 --plan-only',
    '<%= config.bin %> <%= command.id %> --env demo --region westeurope --rate 5000 --certificate oms-demo.crt',
    '<%= config.bin %> <%= command.id %> --env demo --drift',
    '<%= config.bin %> <%= command.id %> --env prod --lock-archive',
  ];
  static override flags = provisionFlags;
  protected override readonly patient = true;

  async run() {
    const { flags, context } = await this.start(Provision);
    const options = provisionOptions(flags);
    if (options.unlock !== undefined) return releaseLock(options.env, options.unlock, options.yes, context);
    if (options.drift) {
      const drift = await findDrift(options.env, context);
      if (drift.drifted) process.exitCode = EXIT.drifted;
      return drift;
    }
    const result = await provision(options, context);
    context.terminal.print(provisionReport(result, context.terminal));
    if (result.proof && result.proof.readBack.errors > 0) process.exitCode = EXIT.failed;
    return result;
  }
}
