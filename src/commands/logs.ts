import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { parseLogName, siteFlag, siteLogFlags } from '../config/site-flags.ts';
import { toJsonLine } from '../stages/local/log-line.ts';
import { LOG_NAMES, showLogs } from '../stages/local/logs.ts';
import { renderLogLine } from '../stages/local/logs-view.ts';
import { toSiteJsonLine } from '../stages/site/log-lines.ts';
import { showSiteLogs } from '../stages/site/logs.ts';
import { writeLine } from '../ui/lines.ts';

export default class Logs extends BaseCommand {
  static override summary =
    'Show what the processes of the local stack, or the containers of an environment, have written.';
  static override description =
    'Lines of all processes in the order of time; with --json one JSON object a line. With --env, of the containers on the servers of that environment, over SSH.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> consumer --follow',
    '<%= config.bin %> <%= command.id %> --order 5f0c1b1e-7a52-4c1e-9b7e-2f4f0f6f7d11',
    '<%= config.bin %> <%= command.id %> producer traefik --env demo --since 10m',
  ];
  // One object a line, not one envelope: a log has no end.
  static override enableJsonFlag = false;
  static override args = {
    name: Args.string({
      description: 'one process of the local stack, or services of an environment; all when left out',
      multiple: true,
    }),
  };
  static override flags = {
    env: siteFlag('OMS_LOGS_ENV'),
    ...siteLogFlags,
    follow: Flags.boolean({ char: 'f', env: 'OMS_FOLLOW', summary: 'go on with new lines until Ctrl-C' }),
    lines: Flags.integer({
      env: 'OMS_LINES',
      default: 50,
      min: 1,
      max: 100_000,
      summary: 'how many of the last lines',
    }),
    order: Flags.string({ env: 'OMS_ORDER', summary: 'only lines that name this order', helpValue: 'ID' }),
    json: Flags.boolean({ summary: 'one JSON object a line', helpGroup: 'GLOBAL' }),
  };

  async run() {
    const { flags, args, context } = await this.start(Logs);
    const { name: names = [] } = args;
    const { terminal } = context;
    const { env, host, since, lines, follow, order, json } = flags;
    if (env !== undefined) {
      const options = { environment: env, services: names, host, lines, since, follow, order };
      return showSiteLogs(context, options, (line) =>
        writeLine(json ? toSiteJsonLine(line) : renderLogLine(line, terminal)),
      );
    }
    await showLogs(context, { name: parseLogName(names, LOG_NAMES), lines, follow, order }, (line) =>
      writeLine(json ? toJsonLine(line) : renderLogLine(line, terminal)),
    );
  }
}
