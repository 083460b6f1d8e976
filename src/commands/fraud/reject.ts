import { BaseCommand } from '../../base-command.ts';
import { orderIdsArg, reviewFlags } from '../../config/fraud-flags.ts';
import { EXIT } from '../../errors.ts';
import { review } from '../../stages/fraud/review.ts';
import { reviewReport } from '../../stages/fraud/view.ts';

export default class FraudReject extends BaseCommand {
  static override summary = 'Refuse orders in review as fraud; they are cancelled.';
  static override description =
    "Asks the order API, with the token of the staff: the local stack's, or OMS_ADMIN_TOKEN. Exit 1 when it refuses any of them.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> 5a1c2a52-37c8-8f5e-9a8e-0b4c1f0d7e21 --note "card reported stolen" --by dana',
  ];
  static override args = { order: orderIdsArg() };
  static override flags = reviewFlags;

  async run() {
    const { args, flags, context } = await this.start(FraudReject);
    const result = await review(
      { decision: 'reject', orderIds: args.order, note: flags.note, by: flags.by, url: flags.url },
      context,
    );
    context.terminal.print(reviewReport(result));
    if (result.orders.some((order) => order.result === 'refused')) process.exitCode = EXIT.failed;
    return result;
  }
}
