import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { up } from '../stages/local/up.ts';
import { renderUp } from '../stages/local/up-view.ts';

export default class Up extends BaseCommand {
  static override summary =
    'Start the local stack: database, blob storage, event hub, sandbox, consumer, order API and notifier.';
  static override description =
    'Each runs as a process of its own under a supervisor; data, logs and ports are kept in .oms/local. Run again it starts only what is missing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --log-level debug',
  ];
  static override flags = {
    'database-url': Flags.string({
      env: 'OMS_DATABASE_URL',
      summary: 'use this MySQL instead of a private server',
      helpValue: 'mysql://user:password@host:port/schema',
    }),
    'new-ports': Flags.boolean({ env: 'OMS_NEW_PORTS', summary: 'choose other ports for what does not run' }),
    capture: Flags.boolean({
      env: 'OMS_CAPTURE',
      allowNo: true,
      summary: 'archive the events of the hub in blob storage, as Event Hubs Capture does',
    }),
    'log-level': Flags.string({
      env: 'OMS_LOG_LEVEL',
      default: 'info',
      options: ['trace', 'debug', 'info', 'warn', 'error'],
      summary: 'how much the processes write to their logs',
    }),
  };

  async run() {
    const { flags, context } = await this.start(Up);
    const result = await up(context, {
      databaseUrl: flags['database-url'],
      newPorts: flags['new-ports'],
      capture: flags.capture,
      logLevel: flags['log-level'],
    });
    context.terminal.print(renderUp(result));
    return result;
  }
}
