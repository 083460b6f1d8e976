import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import type { Arrivals, Shape } from '../../config/simulate-choices.ts';
import { OmsError } from '../../errors.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { readMix } from './mix.ts';
import type { OrderSource } from './order-source.ts';
import { readRecording } from './recorded.ts';
import {
  type Pace,
  paceOf,
  poissonSchedule,
  recordedSchedule,
  type Schedule,
  shapedSchedule,
  uniformSchedule,
} from './schedule.ts';
import { type CatalogueEntry, createWorkload, type LifePlan, type Workload } from './workload.ts';

/** What `oms simulate` is asked to send. */
export interface LoadRequest {
  /** Orders a second, where a shape is highest; undefined for a recording that sets its own pace. */
  rate: number | undefined;
  durationMs: number | undefined;
  /** Ends the run after so many orders. */
  orders: number | undefined;
  seed: number;
  zipf: number;
  /** Evenly unless a shape is given. */
  arrivals: Arrivals | undefined;
  /** Recorded orders to replay instead of invented ones. */
  from: string | undefined;
  /** Recorded time runs so many times as fast. */
  speed: number | undefined;
  shape?: Shape | undefined;
  /** What becomes of the orders, in the words of --mix. */
  mix?: string | undefined;
  timeScale?: number | undefined;
  /** What a flash sale sells. */
  flashSku?: string | undefined;
  /** Percent of the orders that are sent once more. */
  duplicates?: number | undefined;
  /** Unusable requests and events for a hundred orders. */
  badEvents?: number | undefined;
}

/** Requests under way at once in an open loop: more are never needed unless the server stands still. */
const OPEN_LOOP_IN_FLIGHT = 256;
/** What a closed loop keeps under way: enough for group commits of the hub to fill, few enough for fair latencies. */
const CLOSED_LOOP_IN_FLIGHT = 64;

/** How long an order may wait for a free connection; as long as the order API may take for its answer. */
const PATIENCE_MS = 2_000;
/** While something stands still nothing is answered: orders wait rather than being given up. */
const IN_AN_OUTAGE = { maxInFlight: 2_000, patienceMs: 600_000 };

/** A parcel is a second on its way; what people have to answer takes as long as it takes them (lib/process/timers.ts). */
const DEFAULT_TIME_SCALE = 1_000_000;

export interface LoadPlan {
  source: OrderSource;
  schedule: Schedule | undefined;
  maxInFlight: number;
  /** An order that could not be sent for so long is given up as missed. */
  patienceMs: number;
  /** In words, for people. */
  mode: string;
  keyPrefix: string;
  seed: number;
  /** Invented orders; undefined for recorded ones. */
  workload: Workload | undefined;
  catalogue: readonly CatalogueProduct[];
  life: LifePlan | undefined;
  flash: CatalogueProduct | undefined;
}

/** A product as an order's price needs it. */
export interface CatalogueProduct extends CatalogueEntry {
  product_id: number;
  name: string;
  price_minor: number;
}

async function readCatalogue(pool: Pool): Promise<CatalogueProduct[]> {
  const [rows] = await pool.query<(CatalogueProduct & RowDataPacket)[]>(
    'SELECT product_id, sku, name, price_minor, currency FROM products ORDER BY product_id',
  );
  if (rows.length > 0) return rows;
  throw new OmsError('stack_not_ready', 'the catalogue has no products to order', { next: ['oms seed'] });
}

const perSecond = (rate: number) => `${rate.toLocaleString('en-US', { maximumFractionDigits: 1 })}/s`;

function plainSchedule({ peak, lengthMs, orders }: Pace, arrivals: Arrivals, seed: number): Schedule {
  if (arrivals === 'poisson') return poissonSchedule(peak, lengthMs, seed, orders);
  return uniformSchedule(peak, orders ?? Math.max(1, Math.round((peak * lengthMs) / 1_000)));
}

function inventedSchedule(request: LoadRequest): { schedule: Schedule; mode: string } {
  const { shape, seed } = request;
  const pace = paceOf(shape, request);
  if (shape === undefined) {
    const arrivals = request.arrivals ?? 'uniform';
    const schedule = plainSchedule(pace, arrivals, seed);
    return {
      schedule,
      mode: `open loop, ${arrivals} ${perSecond(pace.peak)} for ${formatDuration(schedule.lengthMs)}`,
    };
  }
  const schedule = shapedSchedule(shape, pace, request.arrivals ?? 'poisson', seed);
  const orders = pace.orders === undefined ? '' : `${formatCount(pace.orders)} orders, `;
  const peak = `up to ${perSecond(pace.peak)} for ${formatDuration(pace.lengthMs)}`;
  return { schedule, mode: `open loop, ${shape}, ${orders}${peak}` };
}

/** What everybody comes for: the product asked for, or the least popular one, which nobody else will miss. */
function flashProduct({ shape, flashSku }: LoadRequest, catalogue: readonly CatalogueProduct[]) {
  if (shape !== 'flash-sale') return undefined;
  const product = flashSku === undefined ? catalogue.at(-1) : catalogue.find(({ sku }) => sku === flashSku);
  if (product) return product;
  throw new OmsError('usage', `--flash-sku: the catalogue has no product ${flashSku}`, {
    next: ['oms simulate --shape flash-sale   (takes the last product of the catalogue)'],
  });
}

async function planInvented(request: LoadRequest, run: string, catalogue: CatalogueProduct[]): Promise<LoadPlan> {
  const { seed, zipf, timeScale } = request;
  const mix = await readMix(request.mix);
  const life = mix && { mix, timeScale: timeScale ?? DEFAULT_TIME_SCALE };
  const flash = flashProduct(request, catalogue);
  const workload = createWorkload({ catalogue, run, seed, zipf, life, timeScale, flash });
  const plan = { source: workload, workload, catalogue, life, flash, seed, keyPrefix: `sim-${run}-` };
  const usual = { patienceMs: PATIENCE_MS, maxInFlight: OPEN_LOOP_IN_FLIGHT };
  return { ...plan, ...inventedSchedule(request), ...(request.shape === 'outage' ? IN_AN_OUTAGE : usual) };
}

async function planRecorded(request: LoadRequest, file: string, catalogue: CatalogueProduct[]): Promise<LoadPlan> {
  const { speed, rate, orders, seed } = request;
  const recording = await readRecording({ file, catalogue, byTime: speed !== undefined });
  const size = Math.min(recording.source.size, orders ?? recording.source.size);
  const none = { workload: undefined, life: undefined, flash: undefined, patienceMs: PATIENCE_MS };
  const plan = { source: { ...recording.source, size }, keyPrefix: 'from-', seed, catalogue, ...none };
  const repeated = recording.repeated > 0 ? ` (${formatCount(recording.repeated)} repeated lines left out)` : '';
  const title = `${formatCount(size)} recorded orders${repeated}`;
  if (speed !== undefined) {
    const schedule = recordedSchedule(recording.moments.subarray(0, size), speed);
    return { ...plan, schedule, maxInFlight: OPEN_LOOP_IN_FLIGHT, mode: `${title}, ${speed} x recorded time` };
  }
  if (rate !== undefined) {
    const schedule = uniformSchedule(rate, size);
    return { ...plan, schedule, maxInFlight: OPEN_LOOP_IN_FLIGHT, mode: `${title}, open loop at ${perSecond(rate)}` };
  }
  const mode = `${title}, as fast as answers come (closed loop, ${CLOSED_LOOP_IN_FLIGHT} under way)`;
  return { ...plan, schedule: undefined, maxInFlight: CLOSED_LOOP_IN_FLIGHT, mode };
}

/**
 * Reads the catalogue, and the recording when there is one, and lays down what will be sent when.
 * @throws {OmsError} `stack_not_ready` for an empty catalogue, `input_file` for a recording with faults, `usage` for a mix
 */
export async function planLoad(request: LoadRequest, run: string, pool: Pool): Promise<LoadPlan> {
  const catalogue = await readCatalogue(pool);
  if (request.from !== undefined) return planRecorded(request, request.from, catalogue);
  return planInvented(request, run, catalogue);
}
