import type { Pool } from '../../../lib/database/connect.ts';
import type { OrderApi } from '../../adapters/http/order-api.ts';
import type { Context } from '../../context.ts';
import { findAdminToken } from '../runs/targets.ts';
import type { Companion } from './companion.ts';
import { Actions } from './customers/actions.ts';
import { Customers } from './customers/customers.ts';
import { Lives } from './lives.ts';
import type { LoadPlan } from './plan.ts';
import type { SimulateOptions } from './simulate.ts';

interface CompanionParts {
  plan: LoadPlan;
  options: SimulateOptions;
  context: Context;
  pool: Pool;
  api: OrderApi;
  url: string;
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

/** Everything that goes on beside the orders of this plan, made ready. */
export async function gatherCompanions(parts: CompanionParts): Promise<Companion[]> {
  const { plan, url, context, untilDone } = parts;
  const adminToken = await findAdminToken(url, context);
  return [...(plan.life || untilDone ? [livesOf(parts, adminToken)] : [])];
}
