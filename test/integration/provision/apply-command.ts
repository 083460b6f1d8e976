// A command that does nothing but apply, for tests that press Ctrl-C on a real process.
import { join } from 'node:path';
import { BaseCommand } from '../../../src/base-command.ts';
import { applyPlan } from '../../../src/stages/provision/apply/apply.ts';

class ApplyCommand extends BaseCommand {
  protected override readonly patient = true;

  async run() {
    const { context } = await this.start(ApplyCommand);
    const folder = join(context.settings.dir, 'demo', 'terraform');
    const options = { environment: 'demo', paths: { terraform: folder }, planFile: 'p', secrets: {} };
    return applyPlan({ ...options, summaryCount: 14 }, context);
  }
}

await ApplyCommand.run(process.argv.slice(2), join(import.meta.dirname, '..', '..', '..')).catch((error) => {
  process.exitCode = error.oclif?.exit ?? 1;
});
