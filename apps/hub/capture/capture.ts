import { captureFileName } from '../../../lib/archive/capture-name.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import { openArchiveContainer } from './archive-container.ts';
import type { CaptureConfig } from './capture-config.ts';
import type { CaptureBacklog, CaptureMetrics } from './capture-metrics.ts';
import { type CaptureObserver, PartitionCapture, type PartitionCaptureOptions } from './partition-capture.ts';
import { forgetPlace } from './place.ts';

const DEFAULTS = { namespace: 'local', windowSeconds: 300, sizeBytes: 314_572_800, skipEmpty: false };

/** What Capture needs of a hub. */
export interface CapturedHub {
  readonly name: string;
  readonly partitions: readonly CapturedPartition[];
}

interface CapturedPartition {
  readonly id: string;
  readonly log: PartitionLog;
  /** Told when stored events cannot be read. */
  reportDamage(error: Error): unknown;
}

/** A hub that is being captured. */
interface Running {
  hub: string;
  partitions: PartitionCapture[];
  stop(): Promise<void>;
}

/** Archives the hubs that are configured so. */
export class Capture {
  readonly #metrics: CaptureMetrics;
  readonly #logger: Logger;
  readonly #running = new Map<string, Running>();

  constructor(metrics: CaptureMetrics, logger: Logger) {
    this.#metrics = metrics;
    this.#logger = logger;
    metrics.watch(() => [...this.#running.values()].map(backlogOf));
  }

  /**
   * Captures a hub as configured from now on, whatever was configured before. Without a configuration, or with one that
   * is switched off, it is not captured any more, and what is enqueued until it is again will be in no file.
   * @throws {Error} when the configuration names no storage or no possible file
   */
  async set(hub: CapturedHub, config: CaptureConfig | undefined): Promise<void> {
    await this.#running.get(hub.name)?.stop();
    this.#running.delete(hub.name);
    if (config === undefined || config.enabled === false) {
      for (const { log } of hub.partitions) {
        forgetPlace(log.folder);
        log.heldFrom = Number.POSITIVE_INFINITY;
      }
      return;
    }
    this.#running.set(hub.name, await this.#start(hub, config));
  }

  async #start(hub: CapturedHub, config: CaptureConfig): Promise<Running> {
    const { namespace, windowSeconds, sizeBytes, skipEmpty } = { ...DEFAULTS, ...config };
    const names = captureFileName(config.nameFormat);
    const container = await openArchiveContainer(config.storage, config.container);
    const controller = new AbortController();
    const partitions: PartitionCapture[] = [];
    for (const partition of hub.partitions) {
      const options: PartitionCaptureOptions = {
        log: partition.log,
        container,
        limits: { windowMs: windowSeconds * 1000, sizeBytes },
        skipEmpty,
        nameOf: (time) => names.format({ namespace, hub: hub.name, partition: partition.id, time }),
        observer: this.#observe(hub.name, partition),
      };
      partitions.push(await PartitionCapture.open(options));
    }
    const runs = Promise.all(partitions.map((partition) => partition.run(controller.signal)));
    const stop = async () => {
      controller.abort();
      await runs;
    };
    return { hub: hub.name, partitions, stop };
  }

  #observe(hub: string, partition: CapturedPartition): CaptureObserver {
    const { files, events, bytes, failures } = this.#metrics;
    const log = this.#logger.child({ hub, partition: partition.id });
    return {
      written(file, count, size) {
        log.debug({ file, events: count, bytes: size }, 'captured');
        files.inc({ hub });
        events.inc({ hub }, count);
        bytes.inc({ hub }, size);
      },
      failed(error, attempt) {
        failures.inc({ hub });
        if (attempt === 0)
          log.warn({ why: error.message }, 'the archive takes no events; they are kept and tried again');
      },
      resumed: () => log.info('the archive takes events again'),
      damaged(error) {
        log.error({ err: error }, 'stored events cannot be read and are not captured any more');
        partition.reportDamage(error);
      },
    };
  }

  /** Ends after the steps at hand; what open windows hold is captured after the next start. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
    this.#running.clear();
  }
}

function backlogOf({ hub, partitions }: Running): CaptureBacklog {
  const now = Date.now();
  return {
    hub,
    waitingEvents: partitions.reduce((sum, partition) => sum + partition.waitingEvents, 0),
    behindSeconds: Math.max(...partitions.map((partition) => partition.behindMs(now))) / 1000,
  };
}
