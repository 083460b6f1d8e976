import { BaseCommand } from '../../base-command.ts';
import { customerFlag, orderArg } from '../../config/order-flags.ts';
import { databaseUrlFlag } from '../../config/target-flags.ts';
import { showOrder } from '../../stages/order/show.ts';
import { renderStory } from '../../stages/order/view.ts';

export default class OrderShow extends BaseCommand {
  static override summary =
    'Tell the story of an order: what happened, the money, the parcels, what can still be done.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 3f2a9c1e',
    '<%= config.bin %> <%= command.id %> order-17 --customer c-17',
  ];
  static override args = orderArg;
  static override flags = { customer: customerFlag, 'database-url': databaseUrlFlag() };

  async run() {
    const { args, flags, context } = await this.start(OrderShow);
    const order = { text: args.order, customer: flags.customer };
    const story = await showOrder({ order, databaseUrl: flags['database-url'] }, context);
    context.terminal.print(renderStory(story, context.terminal));
    return story;
  }
}
