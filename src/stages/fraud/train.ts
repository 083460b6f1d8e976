import { join } from 'node:path';
import type { RiskModel } from '../../../lib/risk/model.ts';
import type { LabelledOrder } from '../../../lib/risk/train.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { formatCount } from '../../ui/format.ts';
import { runSteps } from '../../ui/steps.ts';

export interface TrainOptions {
  /** Orders made from each seed. */
  orders: number;
  seeds: readonly number[];
  /** Where the model goes; default is risk-model.json in the folder of everything of ours. */
  out: string | undefined;
}

export interface TrainResult {
  file: string;
  model: Pick<RiskModel, 'version' | 'thresholds' | 'trained'>;
}

function write({ machine }: Context, file: string, model: RiskModel): void {
  try {
    machine.writeJson(file, model);
  } catch (error) {
    throw new OmsError('disk', `${file} cannot be written`, { why: messageOf(error), cause: error });
  }
}

interface Training {
  orders: LabelledOrder[];
  model: RiskModel | undefined;
}

/**
 * Makes labelled orders from the seeds, trains a model on them and writes it to a file; the same seeds give the same
 * model.
 * @throws {OmsError} disk
 */
export async function trainFraudModel(options: TrainOptions, context: Context): Promise<TrainResult> {
  const { labelledOrders } = await import('./labelled-orders.ts');
  const { trainRiskModel } = await import('../../../lib/risk/train.ts');
  const { orders, seeds, out } = options;
  const file = out ?? join(context.settings.dir, 'risk-model.json');
  const training: Training = { orders: [], model: undefined };
  await runSteps(context.terminal, training, [
    {
      title: 'labelled orders',
      run: async (state) => {
        for await (const order of labelledOrders(seeds, orders)) {
          if (context.signal.aborted) throw context.signal.reason;
          state.orders.push(order);
        }
        return formatCount(state.orders.length);
      },
    },
    {
      title: 'model',
      run: async (state) => {
        state.model = trainRiskModel(state.orders, seeds);
        return state.model.version;
      },
    },
  ]);
  const { version, thresholds, trained } = training.model!;
  await context.machine.makeFolder(context.settings.dir);
  write(context, file, training.model!);
  return { file, model: { version, thresholds, trained } };
}
