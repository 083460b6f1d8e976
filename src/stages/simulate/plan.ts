import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { OmsError } from '../../errors.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import type { OrderSource } from './order-source.ts';
import { readRecording } from './recorded.ts';
import { type Arrivals, poissonSchedule, recordedSchedule, type Schedule, uniformSchedule } from './schedule.ts';
import { type CatalogueEntry, createWorkload } from './workload.ts';

/** What `oms simulate` is asked to send. */
export interface LoadRequest {
  /** Orders a second; undefined for a recording that sets its own pace. */
  rate: number | undefined;
  durationMs: number;
  /** Ends the run after so many orders, whatever its duration. */
  orders: number | undefined;
  seed: number;
  zipf: number;
  arrivals: Arrivals;
  /** Recorded orders to replay instead of invented ones. */
  from: string | undefined;
  /** Recorded time runs so many times as fast. */
  speed: number | undefined;
}

/** Requests under way at once in an open loop: more are never needed unless the server stands still. */
const OPEN_LOOP_IN_FLIGHT = 256;
/** What a closed loop keeps under way: enough for group commits of the hub to fill, few enough for fair latencies. */
const CLOSED_LOOP_IN_FLIGHT = 64;

export interface LoadPlan {
  source: OrderSource;
  schedule: Schedule | undefined;
  maxInFlight: number;
  /** In words, for people. */
  mode: string;
  keyPrefix: string;
}

async function readCatalogue(pool: Pool): Promise<CatalogueEntry[]> {
  const [rows] = await pool.query<(CatalogueEntry & RowDataPacket)[]>(
    'SELECT sku, currency FROM products ORDER BY product_id',
  );
  if (rows.length > 0) return rows;
  throw new OmsError('stack_not_ready', 'the catalogue has no products to order', { next: ['oms seed'] });
}

const perSecond = (rate: number) => `${formatCount(rate)}/s`;

function inventedSchedule(request: LoadRequest, rate: number): Schedule {
  const { arrivals, durationMs, seed, orders } = request;
  if (arrivals === 'poisson') {
    const lengthMs = orders === undefined ? durationMs : (orders * 1_000) / rate;
    return poissonSchedule(rate, lengthMs, seed, orders);
  }
  return uniformSchedule(rate, orders ?? Math.max(1, Math.round((rate * durationMs) / 1_000)));
}

function planInvented(request: LoadRequest, rate: number, run: string, catalogue: CatalogueEntry[]): LoadPlan {
  const schedule = inventedSchedule(request, rate);
  return {
    source: createWorkload({ catalogue, run, seed: request.seed, zipf: request.zipf }),
    schedule,
    maxInFlight: OPEN_LOOP_IN_FLIGHT,
    mode: `open loop, ${request.arrivals} ${perSecond(rate)} for ${formatDuration(schedule.lengthMs)}`,
    keyPrefix: `sim-${run}-`,
  };
}

async function planRecorded(request: LoadRequest, file: string, catalogue: CatalogueEntry[]): Promise<LoadPlan> {
  const { speed, rate, orders } = request;
  const recording = await readRecording({ file, catalogue, byTime: speed !== undefined });
  const size = Math.min(recording.source.size, orders ?? recording.source.size);
  const plan = { source: { ...recording.source, size }, keyPrefix: 'from-' };
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

const DEFAULT_RATE = 100;

/**
 * Reads the catalogue, and the recording when there is one, and lays down what will be sent when.
 * @throws {OmsError} `stack_not_ready` for an empty catalogue, `input_file` for a recording with faults
 */
export async function planLoad(request: LoadRequest, run: string, pool: Pool): Promise<LoadPlan> {
  const catalogue = await readCatalogue(pool);
  if (request.from !== undefined) return planRecorded(request, request.from, catalogue);
  return planInvented(request, request.rate ?? DEFAULT_RATE, run, catalogue);
}
