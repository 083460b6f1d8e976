import type { Pool } from '../../../lib/database/connect.ts';
import type { OrderApi } from '../../adapters/http/order-api.ts';
import type { Context } from '../../context.ts';
import { findAdminToken } from '../runs/targets.ts';
import type { Companion } from './companion.ts';
import { Actions } from './customers/actions.ts';
import { Customers } from './customers/customers.ts';
import { FlashSaleDesk } from './flash-sale.ts';
import { Lives } from './lives.ts';
import { findOutageTarget, OutageMaker, outageMs } from './outage.ts';
import type { LoadPlan } from './plan.ts';
import type { SimulateOptions } from './simulate.ts';

interface CompanionParts {
  plan: LoadPlan;
  options: SimulateOptions;
  context: Context;
  pool: Pool;
  api: OrderApi;
  url: string;
  run: string;
  untilDone: boolean;
  drainTimeoutMs: number;
}

function livesOf(parts: CompanionParts, adminToken: string | undefined): Lives {
  const { plan, api, untilDone, drainTimeoutMs } = parts;
  const { workload, life } = plan;
  const actions = new Actions(api, adminToken);
  const customers = life && workload && new Customers({ workload, actions, hasStaff: adminToken !== undefined });
  const storyOf = (n: number) => workload?.story(n);
  return new Lives({ customers, storyOf, untilDone, timeoutMs: drainTimeoutMs });
}

async function outageOf({ plan, options, context, url }: CompanionParts): Promise<Companion[]> {
  if (options.shape !== 'outage') return [];
  const of = options.outageOf ?? 'hub';
  const target = await findOutageTarget(of, url, context);
  const lengthMs = plan.schedule?.lengthMs ?? 0;
  const lastsMs = outageMs(options.outageMs, lengthMs);
  return [new OutageMaker({ of, lengthMs, lastsMs, standStill: () => context.machine.standStill(target) })];
}

/**
 * Everything that goes on beside the orders of this plan, made ready.
 * @throws {OmsError} when something of it cannot be made ready
 */
export async function gatherCompanions(parts: CompanionParts): Promise<Companion[]> {
  const { plan, url, context, untilDone, pool, api, run } = parts;
  const adminToken = await findAdminToken(url, context);
  const product = plan.flash;
  const sale = product && { pool, api, adminToken, run, product, hasLife: plan.life !== undefined };
  return [
    ...(plan.life || untilDone ? [livesOf(parts, adminToken)] : []),
    ...(sale ? [await FlashSaleDesk.open(sale)] : []),
    ...(await outageOf(parts)),
  ];
}
