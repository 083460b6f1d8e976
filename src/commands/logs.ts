import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { toJsonLine } from '../stages/local/log-line.ts';
import { LOG_NAMES, type LogName, showLogs } from '../stages/local/logs.ts';
import { renderLogLine } from '../stages/local/logs-view.ts';
import { writeLine } from '../ui/lines.ts';

export default class Logs extends BaseCommand {
  static override summary = 'Show what the processes of the local stack have written.';
  static override description = 'Lines of all processes in the order of time; with --json one JSON object a line.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> consumer --follow',
    '<%= config.bin %> <%= command.id %> --order 5f0c1b1e-7a52-4c1e-9b7e-2f4f0f6f7d11',
  ];
  // One object a line, not one envelope: a log has no end.
  static override enableJsonFlag = false;
  static override args = {
    name: Args.string({ description: 'one process; all of them when left out', options: [...LOG_NAMES] }),
  };
  static override flags = {
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
    const { args, flags, context } = await this.start(Logs);
    const { terminal } = context;
    const { lines, follow, order, json } = flags;
    await showLogs(context, { name: args.name as LogName | undefined, lines, follow, order }, (line) =>
      writeLine(json ? toJsonLine(line) : renderLogLine(line, terminal)),
    );
  }
}
