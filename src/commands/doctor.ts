import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { EXIT } from '../errors.ts';
import { doctor } from '../stages/doctor/doctor.ts';
import { renderDoctor } from '../stages/doctor/doctor-view.ts';

export default class Doctor extends BaseCommand {
  static override summary = 'List every tool oms needs: what for, which version, how to get it.';
  static override description = 'Ends with 4 when something that is needed is missing or too old.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --fix --yes'];
  static override flags = {
    fix: Flags.boolean({ env: 'OMS_FIX', summary: 'get what is missing for the local stack and the tests' }),
    yes: Flags.boolean({ char: 'y', env: 'OMS_YES', summary: 'do not ask before --fix' }),
  };

  async run() {
    const { flags, context } = await this.start(Doctor);
    const report = await doctor(context, flags);
    context.terminal.print(renderDoctor(report, context.terminal));
    if (report.lacking) process.exitCode = EXIT.missing;
    return report;
  }
}
