import type { Labels } from '../runs/manifest.ts';
import type { Settled } from './load-generator.ts';
import type { PlannedOrder } from './order-source.ts';
import type { SimulateResult } from './result.ts';
import type { RunScope } from './run-orders.ts';
import type { Threshold } from './verdict.ts';

/** One line of the moving view. */
export interface ViewLine {
  label: string;
  cells: string[];
}

/** What a companion has to say when the run is over. */
export interface CompanionReport {
  result: Partial<SimulateResult>;
  thresholds: Threshold[];
}

/** Something that goes on beside the sending of orders: customers, a sale, an outage, disturbances. */
export interface Companion {
  start(scope: RunScope): void;
  /** An order has its answer. */
  settled?(settled: Settled): void;
  /** What the manifest says of an order because of this. */
  labels?(order: PlannedOrder): Labels;
  /** Everything was sent, answered and stored, or never will be: comes to its own end, at the latest when `end` is set. */
  finish(end: AbortSignal): Promise<void>;
  report(scope: RunScope): Promise<CompanionReport>;
  view?(): ViewLine;
}
