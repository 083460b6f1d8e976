import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { changeFlags, changeOptions, orderArg } from '../../config/order-flags.ts';
import { parseLineUnits } from '../../config/quantities.ts';
import { type ReturnedLine, returnOrder } from '../../stages/order/change.ts';
import { renderChange } from '../../stages/order/change-view.ts';

const REASONS = ['changed_mind', 'damaged', 'wrong_item', 'late_delivery', 'quality', 'other'] as const;

export default class OrderReturn extends BaseCommand {
  static override summary = 'Announce a return of a delivered order; what arrives of it is refunded.';
  static override examples = ['<%= config.bin %> <%= command.id %> 3f2a9c1e --line 1=2 --line 3=1 --reason damaged'];
  static override args = orderArg;
  static override flags = {
    line: Flags.custom<ReturnedLine>({
      env: 'OMS_ORDER_LINE',
      summary: 'number of a line and how many units of it, such as 1=2; several times for several lines',
      parse: async (text) => parseLineUnits(text),
    })({ multiple: true, required: true }),
    reason: Flags.option({ options: REASONS })({
      env: 'OMS_ORDER_RETURN_REASON',
      default: 'other',
      summary: 'why',
    }),
    ...changeFlags,
  };

  async run() {
    const { args, flags, context } = await this.start(OrderReturn);
    const { line: lines, reason } = flags;
    const change = await returnOrder({ ...changeOptions(args, flags), lines, reason }, context);
    context.terminal.print(renderChange(change, context.terminal));
    return change;
  }
}
