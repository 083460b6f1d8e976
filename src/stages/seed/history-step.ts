import { OmsError } from '../../errors.ts';
import { formatCount } from '../../ui/format.ts';
import { ordersOfChunk } from './chunk.ts';
import { addCoupons } from './coupons.ts';
import { type History, type HistorySettings, historyStart, planHistory } from './history.ts';
import type { SeedJob } from './job.ts';
import { loadHistory } from './load-history.ts';
import { readSoldProducts } from './products-table.ts';
import { followProgress } from './progress.ts';
import { beginRun, finishRun, readDoneChunks } from './state.ts';

/** A history cut off is gone on with as it was begun: same clock, same zone. */
function settingsOf(job: SeedJob, currency: string): HistorySettings {
  const { orderSettings, history } = job.plan;
  if (history === 'start') {
    return { ...orderSettings, timeZone: job.context.settings.timeZone, currency, until: job.now };
  }
  const { settings, until } = job.earlierHistory!;
  return { ...(settings as unknown as Omit<HistorySettings, 'until'>), until };
}

async function begin(job: SeedJob, settings: HistorySettings): Promise<void> {
  const { until, ...rest } = settings;
  await addCoupons(job.connection, historyStart(settings), until);
  await beginRun(job.connection, 'history', rest, until);
}

async function planFor(job: SeedJob): Promise<History> {
  const { products, currency } = await readSoldProducts(job.connection);
  if (!currency) {
    throw new OmsError('refused', 'there are no products to sell', { next: ['oms seed --catalogue FILE.csv'] });
  }
  return planHistory(settingsOf(job, currency), products);
}

function stopped(written: number, total: number): OmsError {
  return new OmsError('interrupted', `stopped with ${formatCount(written)} of ${formatCount(total)} orders written`, {
    why: 'what is there is complete in itself',
    next: ['run the same command again: it goes on where this one stopped'],
  });
}

/** Writes the history, or the part of it that an earlier run has not come to. */
export async function writeHistory(job: SeedJob, report: (line: string) => void): Promise<string> {
  const { context } = job;
  const history = await planFor(job);
  const { settings } = history;
  if (job.plan.history === 'start') await begin(job, settings);
  const done = await readDoneChunks(job.connection);
  const already = [...done].reduce((sum, chunk) => sum + ordersOfChunk(history, chunk), 0);
  const onOrders = followProgress(report, {
    total: settings.orders,
    already,
    isMoving: context.terminal.interactive,
  });
  const start = performance.now();
  const { rows, isComplete } = await loadHistory(job.url, history, { done, signal: context.signal, onOrders });
  if (!isComplete) throw stopped(already + rows.orders, settings.orders);
  await finishRun(job.connection, 'history');
  job.loadingMs = performance.now() - start;
  job.rows = rows;
  job.history = { orders: settings.orders, until: settings.until };
  return `${formatCount(settings.orders)} orders, ${formatCount(settings.customers)} customers`;
}
