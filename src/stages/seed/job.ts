import type { Connection } from '../../../lib/database/connect.ts';
import type { Context } from '../../context.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import type { SeedPlan } from './decide.ts';
import type { ImportCounts } from './import-catalogue.ts';
import type { RowCounts } from './load-history.ts';
import type { SeedRun } from './state.ts';

/** One run of `oms seed`: what it has to do it with, and what it has done so far. */
export interface SeedJob {
  context: Context;
  url: string;
  connection: Connection;
  plan: SeedPlan;
  /** The end of a history begun now, in milliseconds since 1970. */
  now: number;
  /** The rows of a catalogue file. */
  file: CatalogueRow[] | undefined;
  /** The history that an earlier run has made or begun. */
  earlierHistory: SeedRun | undefined;

  imported: ImportCounts | null;
  newProducts: number;
  history: { orders: number; until: number } | null;
  rows: RowCounts;
  loadingMs: number;
}
