import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { runHubFlags } from '../../config/hub-flags.ts';
import { EXIT } from '../../errors.ts';
import { LOG_LEVELS, runHub } from '../../stages/hub/run.ts';
import { renderReady } from '../../stages/hub/view.ts';
import { renderLogLine } from '../../stages/local/logs-view.ts';
import { writeLine } from '../../ui/lines.ts';

export default class Hub extends BaseCommand {
  static override summary = 'Run a local Event Hubs that unmodified Azure SDKs connect to; Ctrl-C stops it.';
  static override description =
    'One process, no Docker, no account. What it acknowledged is kept in its folder and is there at the next start. It prints the connection string; with --json one envelope a line, the first when it is ready. Its log goes to stderr.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --hub orders=8 --hub returns=2 --data ./events',
    '<%= config.bin %> <%= command.id %> --config Config.json --no-auth',
  ];
  static override flags = {
    ...runHubFlags,
    'log-level': Flags.option({ options: LOG_LEVELS })({
      env: 'OMS_HUB_LOG_LEVEL',
      default: 'warn',
      summary: 'how much of its log is shown',
    }),
  };

  async run() {
    const { flags, context } = await this.start(Hub);
    const { terminal } = context;
    const options = {
      ...flags,
      config: flags.config,
      data: flags.data,
      hubs: flags.hub,
      httpPort: flags['http-port'],
      tlsPort: flags['tls-port'],
      tlsCert: flags['tls-cert'],
      tlsKey: flags['tls-key'],
      logLevel: flags['log-level'],
    };
    await runHub(context, options, {
      onReady: (ready) => {
        if (terminal.json) writeLine(JSON.stringify({ status: EXIT.ok, result: ready, warnings: [] }));
        else terminal.print(renderReady(ready));
      },
      onLine: (line) => process.stderr.write(`${terminal.json ? line.raw : renderLogLine(line, terminal)}\n`),
    });
  }

  /** The envelope was written when the hub was ready; a failure after that gets one of its own. */
  protected override logJson(json: unknown): void {
    if (typeof json === 'object' && json !== null && 'error' in json) writeLine(JSON.stringify(json));
  }
}
