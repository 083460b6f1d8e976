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

/** A configuration of Capture that cannot be used; the message says of which hub, why, and what to do. */
export class CaptureConfigError extends Error {
  override readonly name = 'CaptureConfigError';
}

/** Where the files of a hub go, and when. */
interface Target extends Pick<PartitionCaptureOptions, 'container' | 'limits' | 'skipEmpty'> {
  nameOf(partition: string, time: Date): string;
}

async function openTarget(hub: string, config: CaptureConfig, storage: string | undefined): Promise<Target> {
  const { namespace, windowSeconds, sizeBytes, skipEmpty } = { ...DEFAULTS, ...config };
  if (storage === undefined) {
    throw new CaptureConfigError(
      `hub ${hub} cannot be captured: give its capture a storage, or set OMS_HUB_CAPTURE_STORAGE`,
    );
  }
  try {
    const names = captureFileName(config.nameFormat);
    const container = await openArchiveContainer(storage, config.container);
    const limits = { windowMs: windowSeconds * 1000, sizeBytes };
    return {
      container,
      limits,
      skipEmpty,
      nameOf: (partition, time) => names.format({ namespace, hub, partition, time }),
    };
  } catch (error) {
    const what = error instanceof RangeError ? '' : 'storage is no connection string and no address: ';
    throw new CaptureConfigError(`hub ${hub} cannot be captured: ${what}${(error as Error).message}`);
  }
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
  readonly #storage: string | undefined;
  readonly #running = new Map<string, Running>();

  /** @param storage for hubs whose configuration names none */
  constructor(metrics: CaptureMetrics, logger: Logger, storage: string | undefined) {
    this.#storage = storage;
    this.#metrics = metrics;
    this.#logger = logger;
    metrics.watch(() => [...this.#running.values()].map(backlogOf));
  }

  /**
   * Captures a hub as configured from now on, whatever was configured before. Without a configuration, or with one that
   * is switched off, it is not captured any more, and what is enqueued until it is again will be in no file.
   * @throws {CaptureConfigError} with everything left as it was
   */
  async set(hub: CapturedHub, config: CaptureConfig | undefined): Promise<void> {
    const isWanted = config !== undefined && config.enabled !== false;
    const target = isWanted ? await openTarget(hub.name, config, config.storage ?? this.#storage) : null;
    await this.#running.get(hub.name)?.stop();
    this.#running.delete(hub.name);
    if (target !== null) {
      this.#running.set(hub.name, await this.#start(hub, target));
      return;
    }
    for (const { log } of hub.partitions) {
      forgetPlace(log.folder);
      log.heldFrom = Number.POSITIVE_INFINITY;
    }
  }

  async #start(hub: CapturedHub, { nameOf, ...target }: Target): Promise<Running> {
    const controller = new AbortController();
    const partitions: PartitionCapture[] = [];
    for (const partition of hub.partitions) {
      const options: PartitionCaptureOptions = {
        ...target,
        log: partition.log,
        nameOf: (time) => nameOf(partition.id, time),
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
      missed: (count) => log.error({ events: count }, 'events were gone before they could be captured'),
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
