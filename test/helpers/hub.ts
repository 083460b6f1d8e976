import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type HubOptions, type RunningHub, startHub } from '../../apps/hub/app.ts';
import type { HubConfig } from '../../apps/hub/broker/hub-config.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { keepPort } from './kept-port.ts';

/** A hub of its own for one test, stopped and removed after it. */
export interface TestHub {
  /** For the SDK's clients; each takes the hub's name as another argument. */
  readonly connectionString: string;
  readonly port: number;
  /** null without a certificate. */
  readonly tlsPort: number | null;
  readonly httpPort: number;
  readonly dataDir: string;
  stop(): Promise<void>;
  /** Stops it if it runs, and starts it anew on the same port and data. */
  restart(): Promise<void>;
}

export interface TestHubOptions extends Partial<Omit<HubOptions, 'hubs'>> {
  /** Default: `orders` with 4 partitions. */
  hubs?: readonly HubConfig[];
}

const KEY = { name: 'oms', key: 'test-key' };

/** Starts a hub in this process on free ports, with its data in a temporary folder. */
export async function startTestHub(t: TestContext, options: TestHubOptions = {}): Promise<TestHub> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'oms-hub-')));
  const logger = createLogger('hub', 'silent');
  // Not 0: at a restart a client's connection that is still being forgotten could hold the port.
  const port = await keepPort();
  const settings: HubOptions = {
    host: '127.0.0.1',
    port,
    httpPort: await keepPort(),
    hubs: [{ name: 'orders', partitions: 4 }],
    accessKey: KEY,
    ...options,
    dataDir,
  };
  let running: RunningHub | null = await startHub(settings, logger);
  const { tlsPort, httpPort } = running;
  const stop = async () => {
    await running?.stop();
    running = null;
  };
  t.after(async () => {
    await stop();
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  });
  return {
    connectionString: connectionString(running.port),
    port: running.port,
    tlsPort,
    httpPort,
    dataDir,
    stop,
    async restart() {
      await stop();
      running = await startHub(settings, logger);
    },
  };
}

/** A connection string for a hub that listens on this machine. */
export const connectionString = (port: number, { name, key } = KEY): string =>
  `Endpoint=sb://localhost:${port};SharedAccessKeyName=${name};SharedAccessKey=${key};UseDevelopmentEmulator=true`;
