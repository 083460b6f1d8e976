import { join } from 'node:path';
import { parseSpec, type SupervisorSpec } from '../../../lib/runtime/supervision.ts';
import { CORE_CONSUMER_GROUP, ORDER_EVENTS_HUB, ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import { startContainerArguments } from '../../tools/docker-database.ts';
import { accountUrl } from '../../tools/mysql-accounts.ts';
import { SOCKET_NAME, serverArguments } from '../../tools/mysqld.ts';
import { ARCHIVE_CONTAINER } from '../provision/topology.ts';
import { APP_SETTINGS } from './app-settings.ts';
import { LOCAL_APP_NAMES, LOCAL_APPS } from './apps.ts';
import type { LocalEndpoints } from './endpoints.ts';
import { logFileOf } from './paths.ts';
import { BLOB_ACCOUNT, GIVES_WAY, HOST, KEY_NAME, type StackPlan } from './plan.ts';

/** Holds what questions read of a million orders (docs/ask-evaluation.md), without claiming it before it is needed. */
export const BUFFER_POOL_MB = 1_024;
/** Bounds what a restart after a crash has to read. */
export const REDO_LOG_MB = 128;

/** The hubs of the order flow: who reads them, and in how many lanes. */
export const HUB_CONFIG = {
  hubs: [
    { name: ORDERS_HUB, partitions: 4, consumerGroups: [CORE_CONSUMER_GROUP] },
    {
      name: ORDER_EVENTS_HUB,
      partitions: 4,
      consumerGroups: ['oms-notify', 'oms-analytics', 'oms-tracking', 'oms-audit'],
    },
    { name: 'orders-dlq', partitions: 1, consumerGroups: [] },
  ],
};

/** The same hubs as Azure's captures, in files of a minute: who looks at them on a laptop does not wait for five. */
const CAPTURED = new Set<string>([ORDERS_HUB, ORDER_EVENTS_HUB]);

/** The hubs of the local stack. Their storage is in the environment of the hub, with its key. */
export function hubConfig(capture: boolean) {
  const settings = { container: ARCHIVE_CONTAINER, windowSeconds: 60, skipEmpty: true, enabled: capture };
  return { hubs: HUB_CONFIG.hubs.map((hub) => (CAPTURED.has(hub.name) ? { ...hub, capture: settings } : hub)) };
}

/** Where the parts will answer, and as whom to speak to them. */
export function buildEndpoints(plan: Pick<StackPlan, 'ports' | 'secrets' | 'databaseUrl'>): LocalEndpoints {
  const { ports, secrets, databaseUrl } = plan;
  const database = (account: 'admin' | 'app' | 'ask') =>
    databaseUrl ?? accountUrl(account, secrets.database[account], ports.database);
  return {
    producerUrl: `http://${HOST}:${ports.producerHttp}`,
    pagesUrl: `http://${HOST}:${ports.pagesHttp}`,
    eventHubConnectionString: [
      `Endpoint=sb://localhost:${ports.hub}`,
      `SharedAccessKeyName=${KEY_NAME}`,
      `SharedAccessKey=${secrets.hubKey}`,
      'UseDevelopmentEmulator=true',
    ].join(';'),
    databaseUrl: database('app'),
    adminDatabaseUrl: database('admin'),
    askDatabaseUrl: database('ask'),
    hubHttpUrl: `http://${HOST}:${ports.hubHttp}`,
    sandboxUrl: `http://${HOST}:${ports.sandboxHttp}`,
    adminToken: secrets.adminToken,
    consumerHttpUrl: `http://${HOST}:${ports.consumerHttp}`,
    blobUrl: `http://${HOST}:${ports.blob}/${BLOB_ACCOUNT}`,
  };
}

interface Part {
  name: string;
  command: string;
  args?: string[];
  env?: Record<string, string>;
  after?: string[];
  readyUrl?: string;
  readyPort?: number;
  removeBeforeStart?: string[];
  stopDeadlineMs?: number;
  stopRepeatMs?: number;
  niceness?: number;
}

function databasePart({ server, paths, ports, asRoot }: StackPlan): Part[] {
  if (!server) return [];
  // A shutdown writes out what is in memory; killed in its middle, the next start has to recover.
  // MariaDB loses a SIGTERM while it starts, and takes connections before it has started.
  const shared = {
    name: 'database',
    readyPort: ports.database,
    stopDeadlineMs: 30_000,
    stopRepeatMs: 1_000,
    niceness: GIVES_WAY,
  };
  if (server.how === 'docker') {
    return [{ ...shared, command: 'docker', args: startContainerArguments(paths.databaseDir) }];
  }
  const { binary } = server;
  const options = {
    dataDir: paths.databaseDir,
    port: ports.database,
    bufferPoolMb: BUFFER_POOL_MB,
    redoLogMb: REDO_LOG_MB,
    asRoot,
    startFile: paths.databaseStartFile,
  };
  const socket = join(paths.databaseDir, SOCKET_NAME);
  return [
    {
      ...shared,
      command: binary.path,
      args: serverArguments(binary, options),
      env: binary.libraryDir ? { LD_LIBRARY_PATH: binary.libraryDir } : {},
      // A killed mysqld leaves a lock that may stop the next one.
      removeBeforeStart: [socket, `${socket}.lock`],
    },
  ];
}

function blobPart({ paths, ports, node, blobEntry }: StackPlan): Part {
  const args = ['--blobHost', HOST, '--blobPort', String(ports.blob), '--location', paths.blobDir];
  return {
    name: 'blob',
    command: node,
    args: [blobEntry, ...args, '--skipApiVersionCheck', '--disableTelemetry', '--silent'],
    readyPort: ports.blob,
  };
}

function appParts(plan: StackPlan): Part[] {
  const endpoints = buildEndpoints(plan);
  return LOCAL_APP_NAMES.flatMap((name) => {
    const entry = plan.appEntries[name];
    if (!entry) return [];
    const { env, flags = [], ...more } = APP_SETTINGS[name](plan, endpoints);
    const readyUrl = `http://${HOST}:${plan.ports[LOCAL_APPS[name].http]}/readyz`;
    const args = [...flags, entry];
    return [{ name, command: plan.node, args, env: { ...env, OMS_LOG_LEVEL: plan.logLevel }, readyUrl, ...more }];
  });
}

/** The processes of the stack as data, in the order they start. */
export function buildSpec(plan: StackPlan): SupervisorSpec {
  const parts = [...databasePart(plan), blobPart(plan), ...appParts(plan)];
  const processes = parts.map((part) => ({
    ...part,
    cwd: plan.paths.localDir,
    logFile: logFileOf(plan.paths, part.name),
  }));
  return parseSpec({ stateFile: plan.paths.stateFile, processes });
}
