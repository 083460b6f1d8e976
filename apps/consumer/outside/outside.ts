import type { Pool } from '../../../lib/database/connect.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import type { Registry } from '../../../lib/runtime/metrics.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { type InventorySource, InventorySync } from './inventory.ts';
import { pollOps } from './op-poller.ts';
import { OpRows } from './op-rows.ts';
import { type HandedOp, OpWorker } from './op-worker.ts';
import { outsideMetrics } from './outside-metrics.ts';
import { Peers } from './peers.ts';
import type { Performer } from './performer.ts';
import { Repeater } from './repeater.ts';
import { Timers } from './timers.ts';

export interface OutsideOptions {
  pool: Pool;
  /** Sends to the hub that orders arrive on. */
  sender: EventSender;
  /** One for payments, any number of carriers; closed with the rest. */
  performers: readonly Performer[];
  inventory?: InventorySource | undefined;
  /** The partitions that this process owns now. */
  owned: () => readonly number[];
  registry: Registry;
  logger: Logger;
}

export interface Outside {
  /** To be called with the requests of every commit, after it. Never waits, never throws. */
  take(ops: readonly HandedOp[]): void;
  stop(): Promise<void>;
}

const POLL = { name: 'requests that wait', busyMs: 250, idleMs: 500 };
const CLOCK = { name: 'the clock', busyMs: 500, idleMs: 1_000 };
const COUNTS = { name: 'the external inventory', busyMs: 60_000, idleMs: 60_000 };

/**
 * Starts what connects orders with the world outside: requests to providers and carriers, the clock, and the counts of
 * an external inventory. All it says to orders are events on their hub.
 */
export function startOutside(options: OutsideOptions): Outside {
  const { pool, sender, owned, logger, performers, inventory } = options;
  const metrics = outsideMetrics(options.registry);
  const peers = new Peers(performers, metrics, logger);
  const rows = new OpRows(pool, logger);
  const worker = new OpWorker({ peers, rows, sender, metrics, logger });
  const timers = new Timers({ pool, sender, metrics, owned });

  const repeaters = [new Repeater(() => timers.sweep(), CLOCK, logger)];
  if (peers.isEmpty) logger.warn('no payment provider and no carrier: what is asked of them waits');
  else repeaters.push(new Repeater(() => pollOps({ pool, rows, worker, owned, logger }), POLL, logger));
  if (inventory) {
    const sync = new InventorySync(inventory, pool, sender);
    repeaters.push(new Repeater((signal) => sync.round(signal), COUNTS, logger));
  }

  return {
    take: (ops) => {
      if (!peers.isEmpty) worker.take(ops);
    },
    async stop() {
      // First, since the others wait for what they write.
      await rows.stop();
      await Promise.all(repeaters.map((repeater) => repeater.stop()));
      await worker.stop();
      await rows.stop();
      await Promise.all([peers.close(), inventory?.close()]);
    },
  };
}
