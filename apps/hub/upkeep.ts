import type { Logger } from '../../lib/runtime/logger.ts';
import { Counter, type Registry } from '../../lib/runtime/metrics.ts';
import type { Hub } from './broker/hub.ts';
import type { Partition } from './broker/partition.ts';
import { Capture } from './capture/capture.ts';
import { createCaptureMetrics } from './capture/capture-metrics.ts';

/** How often expired events are looked for. */
const TRIM_INTERVAL_MS = 5_000;

/** What is done with stored events in the background: archived by Capture, removed by retention. */
export class Upkeep {
  readonly #logger: Logger;
  readonly #capture: Capture;
  readonly #expired: Counter<'hub'>;
  readonly #hubs = new Set<Hub>();
  readonly #timer: NodeJS.Timeout;
  #trimming: Promise<void> = Promise.resolve();

  /** @param archive storage for captured hubs whose configuration names none */
  constructor(registry: Registry, logger: Logger, archive: string | undefined) {
    this.#logger = logger;
    this.#capture = new Capture(createCaptureMetrics(registry), logger, archive);
    this.#expired = new Counter({
      name: 'oms_hub_expired_events_total',
      help: 'Events removed by retention',
      labelNames: ['hub'],
      registers: [registry],
    });
    this.#timer = setInterval(() => {
      this.#trimming = this.#trimming.then(() => this.#trimAll());
    }, TRIM_INTERVAL_MS).unref();
  }

  /**
   * Follows a hub's settings as they are now; called for a hub that was opened and for one whose settings were changed.
   * @throws {CaptureConfigError} when Capture is configured with no possible storage or file name
   */
  async follow(hub: Hub): Promise<void> {
    for (const { log } of hub.partitions) log.retention = hub.settings.retention ?? {};
    await this.#capture.set(hub, hub.settings.capture);
    // Not before Capture holds what it still needs.
    this.#hubs.add(hub);
  }

  /** Leaves a hub alone that is about to be removed. */
  async leave(hub: Hub): Promise<void> {
    this.#hubs.delete(hub);
    await this.#capture.set(hub, undefined);
    await this.#trimming;
  }

  async #trimAll(): Promise<void> {
    for (const hub of this.#hubs) {
      if (hub.settings.retention === undefined) continue;
      for (const partition of hub.partitions) await this.#trim(hub, partition);
    }
  }

  async #trim(hub: Hub, { id, log }: Partition): Promise<void> {
    const where = { hub: hub.name, partition: id };
    try {
      const events = await log.trim(Date.now());
      if (events === 0) return;
      this.#expired.inc({ hub: hub.name }, events);
      this.#logger.info({ ...where, events, firstSequence: log.firstSequence }, 'removed expired events');
    } catch (error) {
      this.#logger.warn({ ...where, err: error }, 'expired events cannot be removed; tried again');
    }
  }

  /** Ends after the steps at hand. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#hubs.clear();
    await Promise.all([this.#trimming, this.#capture.stop()]);
  }
}
