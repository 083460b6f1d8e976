import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { EXIT } from '../errors.ts';
import { status } from '../stages/local/status.ts';
import { renderStatus } from '../stages/local/status-view.ts';
import { watchStatus } from '../stages/local/watch.ts';
import { createScreen } from '../ui/screen.ts';

const EXIT_CODES = { healthy: EXIT.ok, degraded: EXIT.failed, down: EXIT.missing };

export default class Status extends BaseCommand {
  static override summary = 'Say how the local stack is: one sentence, then each process.';
  static override description = 'Ends with 0 when it is healthy, 1 when it is degraded, 4 when it is down.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --watch'];
  static override flags = {
    watch: Flags.boolean({ env: 'OMS_WATCH', summary: 'look again every second', exclusive: ['json'] }),
  };

  async run() {
    const { flags, context } = await this.start(Status);
    const { terminal } = context;
    const show = flags.watch ? createScreen(terminal) : terminal.print;
    const result = await (flags.watch
      ? watchStatus(context, (seen) => show(renderStatus(seen, terminal)))
      : status(context));
    if (!flags.watch) show(renderStatus(result, terminal));
    process.exitCode = EXIT_CODES[result.health];
    return result;
  }
}
