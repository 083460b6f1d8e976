import { Flags } from '@oclif/core';
import { ORDER_STATUSES, type OrderStatus } from '../../../lib/domain/order-machine.ts';
import { BaseCommand } from '../../base-command.ts';
import { parseCount } from '../../config/quantities.ts';
import { databaseUrlFlag } from '../../config/target-flags.ts';
import { listNewest, renderList } from '../../stages/order/list.ts';

const limit = { min: 1, max: 10_000, unit: 'orders', example: '--limit 50' };

export default class OrderList extends BaseCommand {
  static override summary = 'List the newest orders, or the newest of one status.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --status review --limit 50',
  ];
  static override flags = {
    status: Flags.option({ options: ORDER_STATUSES })({
      env: 'OMS_ORDER_STATUS',
      summary: 'only orders that are in this status',
    }),
    limit: Flags.integer({
      env: 'OMS_ORDER_LIMIT',
      summary: 'how many (default 20)',
      parse: async (text) => parseCount(text, limit),
    }),
    'database-url': databaseUrlFlag(),
  };

  async run() {
    const { flags, context } = await this.start(OrderList);
    const { status, limit = 20, 'database-url': databaseUrl } = flags;
    const list = await listNewest({ status: status as OrderStatus | undefined, limit, databaseUrl }, context);
    context.terminal.print(renderList(list, context.terminal));
    return list;
  }
}
