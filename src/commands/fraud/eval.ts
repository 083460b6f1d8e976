import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { labelledOrdersFlag, seedsFlag } from '../../config/fraud-flags.ts';
import { evaluateFraudModel } from '../../stages/fraud/eval.ts';
import { HELD_OUT_ORDERS, HELD_OUT_SEEDS } from '../../stages/fraud/options.ts';
import { evalReport } from '../../stages/fraud/view.ts';

export default class FraudEval extends BaseCommand {
  static override summary = 'Measure the risk model on labelled orders that it was not trained on.';
  static override description =
    'Prints precision (how many of the orders held back are fraud) and recall (how many of the frauds are held back), the decisions by truth, and the recall of each pattern of fraud.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --model .oms/risk-model.json --seeds 301,302 --json',
  ];
  static override flags = {
    orders: labelledOrdersFlag(HELD_OUT_ORDERS),
    seeds: seedsFlag({
      env: 'OMS_FRAUD_SEEDS',
      summary: `what the orders are made from (default ${HELD_OUT_SEEDS.join(',')})`,
    }),
    model: Flags.string({ env: 'OMS_RISK_MODEL', summary: 'a file of oms fraud train (default: the model built in)' }),
  };

  async run() {
    const { flags, context } = await this.start(FraudEval);
    const { orders = HELD_OUT_ORDERS, seeds = HELD_OUT_SEEDS, model } = flags;
    const result = await evaluateFraudModel({ orders, seeds, model }, context);
    context.terminal.print(evalReport(result, context.terminal));
    return result;
  }
}
