import { formatCount } from '../../ui/format.ts';
import { addCoupons } from './coupons.ts';
import { generateCatalogue } from './generated-catalogue.ts';
import { historyStart } from './history.ts';
import { importCatalogue } from './import-catalogue.ts';
import type { SeedJob } from './job.ts';
import { insertProducts } from './products-table.ts';
import { beginRun, finishRun } from './state.ts';

async function inTransaction<T>(job: SeedJob, work: () => Promise<T>): Promise<T> {
  await job.connection.query('START TRANSACTION');
  try {
    const result = await work();
    await job.connection.query('COMMIT');
    return result;
  } catch (error) {
    await job.connection.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Writes an invented catalogue; products and stock are as old as the history. */
export async function writeCatalogue(job: SeedJob): Promise<string> {
  const { catalogueSettings, orderSettings } = job.plan;
  const { stock: units, ...settings } = catalogueSettings;
  const products = await generateCatalogue({ ...settings, units });
  const start = historyStart({ until: job.now, days: orderSettings.days });
  await inTransaction(job, async () => {
    await beginRun(job.connection, 'catalogue', catalogueSettings, job.now);
    await insertProducts(job.connection, products, new Date(start));
    await addCoupons(job.connection, start, job.now);
    await finishRun(job.connection, 'catalogue');
  });
  job.newProducts = products.length;
  return `${formatCount(products.length)} products`;
}

/** Brings in the catalogue of a file, all of it or nothing. */
export async function bringInFile(job: SeedJob): Promise<string> {
  const start = historyStart({ until: job.now, days: job.plan.orderSettings.days });
  const at = new Date(job.plan.history === 'start' ? start : job.now);
  const counts = await inTransaction(job, () => importCatalogue(job.connection, job.file!, at));
  job.imported = counts;
  job.newProducts = counts.added;
  return `${formatCount(counts.added)} added, ${formatCount(counts.changed)} changed`;
}
