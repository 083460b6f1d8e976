import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { changeFlags, changeOptions, orderArg } from '../../config/order-flags.ts';
import { cancelOrder } from '../../stages/order/change.ts';
import { renderChange } from '../../stages/order/change-view.ts';

export default class OrderCancel extends BaseCommand {
  static override summary = 'Cancel an order, as its customer could; money and stock are given back by themselves.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 3f2a9c1e',
    '<%= config.bin %> <%= command.id %> 3f2a9c1e --reason "ordered twice"',
  ];
  static override args = orderArg;
  static override flags = {
    reason: Flags.string({ env: 'OMS_ORDER_REASON', summary: 'why, in words' }),
    ...changeFlags,
  };

  async run() {
    const { args, flags, context } = await this.start(OrderCancel);
    const change = await cancelOrder({ ...changeOptions(args, flags), reason: flags.reason }, context);
    context.terminal.print(renderChange(change, context.terminal));
    return change;
  }
}
