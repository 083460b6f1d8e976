import { mkdirSync } from 'node:fs';
import type { Running } from '../../lib/runtime/lifecycle.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { HubAdmin } from './admin/hub-admin.ts';
import { Broker, type BrokerObserver } from './broker/broker.ts';
import type { WantedHub } from './broker/hub-config.ts';
import type { FaultSettings } from './faults/fault-rules.ts';
import { FaultSwitches } from './faults/fault-switches.ts';
import { createHubMetrics, type HubMetrics } from './metrics.ts';
import { startOps } from './ops.ts';
import { type AccessKey, Authenticator } from './protocol/auth.ts';
import { ChunkPool } from './protocol/output.ts';
import { Pressure } from './protocol/pressure.ts';
import type { Certificate } from './protocol/secure-port.ts';
import { startServer } from './protocol/server.ts';
import { type Disk, fileSystem } from './storage/flusher.ts';
import { lockFolder } from './storage/folder-lock.ts';
import { Upkeep } from './upkeep.ts';

/** How a hub is started. */
export interface HubOptions {
  host: string;
  /** AMQP; 0 for any free port. */
  port: number;
  /** TLS, with AMQP and AMQP over WebSockets on one port; 0 for any free port. Without it the plain port is the only one. */
  tls?: { port: number } & Certificate;
  /** Probes, metrics and GET /hubs; 0 for any free port. */
  httpPort: number;
  dataDir: string;
  hubs: readonly WantedHub[];
  /** What goes wrong on purpose from the start; it can be changed while the hub runs. */
  faults?: FaultSettings;
  /** null: any token is accepted. */
  accessKey: AccessKey | null;
  /** Storage account for captured hubs whose configuration names none. */
  captureStorage?: string | undefined;
  /** A log file of this size is closed and the next one begun. */
  segmentBytes?: number;
  /** Newest events kept in memory, over all partitions. */
  tailBytes?: number;
  /** The calls that write; others than the file system's own show how the hub takes a disk that fails. */
  disk?: Disk;
  /** Called when the disk failed and the process has to end; throws by default, which ends it. */
  onFatal?: (error: Error) => void;
}

export interface RunningHub extends Running {
  port: number;
  /** null without a certificate. */
  tlsPort: number | null;
  httpPort: number;
}

/** The last one of each partition is read through at every start: 16 partitions have to be there within two seconds. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024 * 1024;

/**
 * Opens the data folder and listens.
 * @throws {DamagedLogError} when acknowledged events cannot be read
 * @throws {FolderInUseError} when another hub writes there
 * @throws {HubConfigError} when the configuration contradicts the data folder
 */
export async function startHub(options: HubOptions, logger: Logger): Promise<RunningHub> {
  if (options.accessKey === null) logger.warn('no key is configured: every client is let in');
  const undo: Array<() => unknown> = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const ports = await start(options, logger, undo);
    return { ...ports, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param undo gets the steps that stop what was started, to be taken in reverse order */
async function start(options: HubOptions, logger: Logger, undo: Array<() => unknown>) {
  const metrics = createHubMetrics();
  const { host, dataDir, hubs, segmentBytes = SEGMENT_BYTES, tailBytes = TAIL_BYTES } = options;
  mkdirSync(dataDir, { recursive: true });
  undo.push(await lockFolder(dataDir));
  const disk = options.disk ?? fileSystem;
  const broker = new Broker({ dataDir, hubs, segmentBytes, tailBytes, disk }, observe(options, metrics, logger));
  undo.push(() => broker.close());
  const upkeep = new Upkeep(metrics.registry, logger, options.captureStorage);
  undo.push(() => upkeep.stop());
  for (const hub of broker.hubs) await upkeep.follow(hub);
  const auth = new Authenticator(options.accessKey);
  const faults = new FaultSwitches((fault, side) => metrics.faults.inc({ fault, side }));
  if (options.faults !== undefined) faults.set(options.faults);
  const server = await startServer(
    { host, port: options.port, tls: options.tls ?? null },
    {
      broker,
      auth,
      pressure: new Pressure(),
      chunks: new ChunkPool(),
      faults,
      logger,
      delivered: (hub, events) => metrics.events.inc({ hub, direction: 'out' }, events),
    },
  );
  undo.push(() => server.stop());
  const admin = new HubAdmin({ broker, upkeep, logger, detach: (gone, error) => server.detachLinks(gone, error) });
  metrics.countConnections(() => server.connections);
  const ops = await startOps(host, options.httpPort, broker, metrics.registry, { admin, faults, auth });
  undo.push(() => ops.stop());
  const ports = { port: server.port, tlsPort: server.tlsPort, httpPort: ops.port };
  logger.info({ host, ...ports, hubs: broker.hubs.map(({ name }) => name) }, 'hub ready');
  return ports;
}

function observe(options: HubOptions, metrics: HubMetrics, logger: Logger): BrokerObserver {
  return {
    appended(hub, events, seconds) {
      metrics.appendSeconds.observe(seconds);
      metrics.events.inc({ hub, direction: 'in' }, events);
    },
    synced: (seconds) => metrics.syncSeconds.observe(seconds),
    cut: (hub, partition, bytes) => logger.warn({ hub, partition, bytes }, 'cut off a write that was never finished'),
    diskFailed(error) {
      logger.fatal({ err: error }, 'the disk failed, nothing is acknowledged any more');
      if (options.onFatal === undefined) throw error;
      options.onFatal(error);
    },
  };
}
