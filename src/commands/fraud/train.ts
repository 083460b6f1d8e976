import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { labelledOrdersFlag, seedsFlag } from '../../config/fraud-flags.ts';
import { TRAINING_ORDERS, TRAINING_SEEDS } from '../../stages/fraud/options.ts';
import { trainFraudModel } from '../../stages/fraud/train.ts';
import { trainReport } from '../../stages/fraud/view.ts';

export default class FraudTrain extends BaseCommand {
  static override summary = 'Train the risk model on labelled orders of the simulator.';
  static override description =
    'The same seeds give the same model, byte for byte. The consumer uses it when OMS_RISK_MODEL names the file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --seeds 1,2,3 --orders 100k --out model.json',
  ];
  static override flags = {
    orders: labelledOrdersFlag(TRAINING_ORDERS),
    seeds: seedsFlag({
      env: 'OMS_FRAUD_SEEDS',
      summary: `what the orders are made from (default ${TRAINING_SEEDS.join(',')})`,
    }),
    out: Flags.string({ env: 'OMS_FRAUD_OUT', summary: 'the file to write (default .oms/risk-model.json)' }),
  };

  async run() {
    const { flags, context } = await this.start(FraudTrain);
    const { orders = TRAINING_ORDERS, seeds = TRAINING_SEEDS, out } = flags;
    const result = await trainFraudModel({ orders, seeds, out }, context);
    context.terminal.print(trainReport(result));
    return result;
  }
}
