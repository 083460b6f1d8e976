import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { siteFlag } from '../config/site-flags.ts';
import { EXIT } from '../errors.ts';
import { status } from '../stages/local/status.ts';
import { renderStatus } from '../stages/local/status-view.ts';
import { watchStatus } from '../stages/local/watch.ts';
import { siteStatus } from '../stages/site/status.ts';
import { renderSiteStatus } from '../stages/site/status-view.ts';
import { createScreen } from '../ui/screen.ts';

const EXIT_CODES = { healthy: EXIT.ok, degraded: EXIT.failed, down: EXIT.missing };

export default class Status extends BaseCommand {
  static override summary = 'Say how the local stack, or an environment, is: one sentence, then each process.';
  static override description =
    'Ends with 0 when it is healthy, 1 when it is degraded, 4 when it is down. With --env, the servers of that environment are asked over SSH; one that is away is told.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --watch',
    '<%= config.bin %> <%= command.id %> --env demo --json',
  ];
  static override flags = {
    env: siteFlag('OMS_STATUS_ENV'),
    watch: Flags.boolean({ env: 'OMS_WATCH', summary: 'look again every second', exclusive: ['json', 'env'] }),
  };

  async run() {
    const { flags, context } = await this.start(Status);
    const { terminal } = context;
    if (flags.env !== undefined) {
      const site = await siteStatus(flags.env, context);
      terminal.print(renderSiteStatus(site, terminal, context.now()));
      process.exitCode = EXIT_CODES[site.health];
      return site;
    }
    const show = flags.watch ? createScreen(terminal) : terminal.print;
    const result = await (flags.watch
      ? watchStatus(context, (seen) => show(renderStatus(seen, terminal)))
      : status(context));
    if (!flags.watch) show(renderStatus(result, terminal));
    process.exitCode = EXIT_CODES[result.health];
    return result;
  }
}
