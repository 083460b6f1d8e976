import { BaseCommand } from '../../base-command.ts';
import { chosenLetters, letterArgs, resolveFlags, waitFlag } from '../../config/dlq-flags.ts';
import { EXIT } from '../../errors.ts';
import { retryLetters } from '../../stages/dlq/resolve.ts';
import { renderResolution } from '../../stages/dlq/view.ts';

export default class DlqRetry extends BaseCommand {
  static override summary = 'Send events that could not be used again; what waited behind them follows in order.';
  static override description = 'Ends with 1 when an event failed again or was not handled in time.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 13',
    '<%= config.bin %> <%= command.id %> --all --wait 60s',
  ];
  static override args = letterArgs;
  static override flags = { ...resolveFlags, wait: waitFlag };

  async run() {
    const { args, flags, context } = await this.start(DlqRetry);
    const { wait: waitMs = 10_000, 'database-url': databaseUrl } = flags;
    const result = await retryLetters({ ids: chosenLetters(args.ids, flags.all), waitMs, databaseUrl }, context);
    context.terminal.print(renderResolution(result, context.terminal));
    const left = result.letters.some(({ outcome }) => outcome === 'failed_again' || outcome === 'waiting');
    if (left) process.exitCode = EXIT.failed;
    return result;
  }
}
