import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { changeFlags, changeOptions, orderArg } from '../../config/order-flags.ts';
import { refundOrder } from '../../stages/order/change.ts';
import { renderChange } from '../../stages/order/change-view.ts';

export default class OrderRefund extends BaseCommand {
  static override summary = 'Give money back out of goodwill, beside any return.';
  static override examples = ['<%= config.bin %> <%= command.id %> 3f2a9c1e --amount 12.34 --reason late_delivery'];
  static override args = orderArg;
  static override flags = {
    amount: Flags.string({
      env: 'OMS_ORDER_AMOUNT',
      required: true,
      summary: "how much, in the order's currency, such as 12.34",
    }),
    reason: Flags.option({ options: ['goodwill', 'late_delivery', 'price_error', 'other'] as const })({
      env: 'OMS_ORDER_REFUND_REASON',
      default: 'goodwill',
      summary: 'why',
    }),
    ...changeFlags,
  };

  async run() {
    const { args, flags, context } = await this.start(OrderRefund);
    const { amount, reason } = flags;
    const change = await refundOrder({ ...changeOptions(args, flags), amount, reason }, context);
    context.terminal.print(renderChange(change, context.terminal));
    return change;
  }
}
