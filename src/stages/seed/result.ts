import type { ImportCounts } from './import-catalogue.ts';

/** What `oms seed` did: rows written by this call, and what the database holds by it. */
export interface SeedResult {
  /** `already_seeded`: all of it was there before. */
  state: 'seeded' | 'resumed' | 'already_seeded';
  products: number;
  currency: string;
  /** Only for a catalogue from a file. */
  imported: ImportCounts | null;
  /** Rows written by this call, by table. */
  written: Record<string, number>;
  /** Orders of the invented history, those of earlier calls included. */
  orders: number;
  /** Until when the history goes (ISO 8601, UTC); null without one. */
  history_until: string | null;
  /** Time spent on the history. */
  seconds: number;
  /** null when no order was written. */
  orders_per_second: number | null;
}
