import type { Pool } from '../../../lib/database/connect.ts';
import { BatchingSender } from '../../../lib/streaming/batching-sender.ts';
import { openProducerClient } from '../../../lib/streaming/event-hubs.ts';
import { ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import type { OrderApi } from '../../adapters/http/order-api.ts';
import type { Context } from '../../context.ts';
import { readLocalEndpoints } from '../local/endpoints.ts';
import type { ManifestEntry } from '../runs/manifest.ts';
import { findAdminToken } from '../runs/targets.ts';
import type { Companion } from './companion.ts';
import { Actions } from './customers/actions.ts';
import { Customers } from './customers/customers.ts';
import { Disturber } from './disturbances/disturber.ts';
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
  /** Has something done when the run is over, however it ends. */
  atEnd: (close: () => Promise<void>) => void;
  /** Adds a line to the manifest. */
  writeDown: (entry: ManifestEntry) => void;
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

/** A way into the hub past the order API, where both belong to the local stack. */
async function openHub({ url, context, atEnd }: CompanionParts): Promise<BatchingSender | undefined> {
  const local = await readLocalEndpoints(context.settings.localDir).catch(() => undefined);
  if (local?.producerUrl !== url) return undefined;
  const namespace = { connectionString: local.eventHubConnectionString };
  const sender = new BatchingSender(() => openProducerClient(namespace, ORDERS_HUB));
  atEnd(() => sender.close());
  await sender.ready();
  return sender;
}

async function disturberOf(parts: CompanionParts): Promise<Companion[]> {
  const { plan, options, api, run, writeDown } = parts;
  const duplicates = options.duplicates ?? 0;
  const badInput = options.badEvents ?? 0;
  if (duplicates + badInput === 0) return [];
  const hub = await openHub(parts);
  const products = new Map(plan.catalogue.map((product) => [product.sku, product]));
  const productOf = (sku: string) => products.get(sku)!;
  const disturbed = { duplicates, badInput, hasHub: hub !== undefined };
  return [new Disturber({ api, hub, productOf, run, seed: plan.seed, disturbed, writeDown })];
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
    ...(await disturberOf(parts)),
  ];
}
