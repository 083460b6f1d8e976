import { resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { type LogLine, parseLogLine } from '../local/log-line.ts';
import { type HubPaths, hubPaths, KEY_NAME } from './paths.ts';

/** How a hub is run alone. */
export interface RunHubOptions {
  /** Our configuration, or the official emulator's Config.json. */
  config: string | undefined;
  data: string | undefined;
  /** NAME=PARTITIONS each. */
  hubs: readonly string[] | undefined;
  host: string;
  port: number;
  httpPort: number;
  tlsPort: number;
  /** Files, PEM. */
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  /** Without it every client is let in. */
  auth: boolean;
  logLevel: LogLevel;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What is said once the hub is ready. */
export interface HubReady {
  /** For any Azure SDK. */
  connectionString: string;
  /** The same over TLS; null without a certificate. */
  tlsConnectionString: string | null;
  hubs: string[];
  host: string;
  port: number;
  tlsPort: number | null;
  /** Health, metrics, and the API that makes and changes hubs. */
  httpUrl: string;
  /** Folder of the events. */
  data: string;
  /** Whether a key is needed. */
  auth: boolean;
}

/** What there is when nobody says otherwise. */
const DEFAULT_HUB = 'events=4';

const Kept = Type.Object({ key: Type.String({ minLength: 16 }) });
const KEY_BYTES = 24;

const ReadyLine = Type.Object({
  msg: Type.Literal('hub ready'),
  host: Type.String(),
  port: Type.Integer(),
  tlsPort: Type.Union([Type.Integer(), Type.Null()]),
  httpPort: Type.Integer(),
  hubs: Type.Array(Type.String()),
});
const FatalLine = Type.Object({
  level: Type.Literal('fatal'),
  err: Type.Object({ type: Type.String(), message: Type.String() }),
});
const readyLine = Compile(ReadyLine);
const fatalLine = Compile(FatalLine);

async function provideKey({ machine, settings }: Context, paths: HubPaths): Promise<string> {
  if (settings.hubKey !== undefined) return settings.hubKey;
  const kept = await machine.readJson(paths.keyFile, Kept);
  if (kept) return kept.key;
  const key = machine.randomSecret(KEY_BYTES);
  machine.writeJson(paths.keyFile, { key });
  return key;
}

function environment(options: RunHubOptions, paths: HubPaths, key: string | null, isNew: boolean) {
  const { config, hubs, tlsCert, tlsKey, logLevel } = options;
  const wanted = hubs ?? (config === undefined && isNew ? [DEFAULT_HUB] : []);
  // That it is ready is said at level info; what is shown is chosen here.
  const level = logLevel === 'trace' || logLevel === 'debug' ? logLevel : 'info';
  return {
    OMS_HUB_HOST: options.host,
    OMS_HUB_PORT: String(options.port),
    OMS_HUB_HTTP_PORT: String(options.httpPort),
    OMS_HUB_TLS_PORT: String(options.tlsPort),
    OMS_HUB_DATA_DIR: paths.dataDir,
    OMS_HUB_CONFIG: config === undefined ? '' : resolve(config),
    OMS_HUB_CREATE: wanted.join(','),
    OMS_HUB_KEY_NAME: KEY_NAME,
    OMS_HUB_KEY: key ?? '',
    OMS_HUB_TLS_CERT_FILE: tlsCert === undefined ? '' : resolve(tlsCert),
    OMS_HUB_TLS_KEY_FILE: tlsKey === undefined ? '' : resolve(tlsKey),
    OMS_LOG_LEVEL: level,
  };
}

/** The address a client on this machine takes. */
const reachable = (host: string): string => (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host);

/** A client needs some key in it, also where none is asked for. */
function describe(line: Static<typeof ReadyLine>, data: string, key: string | null): HubReady {
  const host = reachable(line.host);
  const string = (port: number, ...rest: string[]) =>
    [
      `Endpoint=sb://${host}:${port}`,
      `SharedAccessKeyName=${KEY_NAME}`,
      `SharedAccessKey=${key ?? 'none'}`,
      ...rest,
    ].join(';');
  return {
    connectionString: string(line.port, 'UseDevelopmentEmulator=true'),
    tlsConnectionString: line.tlsPort === null ? null : string(line.tlsPort),
    hubs: line.hubs,
    host: line.host,
    port: line.port,
    tlsPort: line.tlsPort,
    httpUrl: `http://${host === 'localhost' ? '127.0.0.1' : host}:${line.httpPort}`,
    data,
    auth: key !== null,
  };
}

function failure({ err: { type, message } }: Static<typeof FatalLine>): OmsError {
  if (/ is taken|EADDRINUSE/.test(message)) {
    return new OmsError('port_taken', 'the hub did not start: a port is taken', {
      why: message,
      next: ['oms hub --port 0 --http-port 0', 'stop what listens there'],
    });
  }
  if (type === 'HubConfigError' || type === 'EnvironmentError') return new OmsError('input_file', message);
  return new OmsError('process_failed', 'the hub ended', { why: message });
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

const isShown = ({ level }: LogLine, from: LogLevel): boolean =>
  level === undefined || LOG_LEVELS.indexOf(level as LogLevel) >= LOG_LEVELS.indexOf(from);

/** What is told while the hub runs. */
export interface HubListeners {
  onReady: (ready: HubReady) => void;
  /** A line of its log, of the level that is wanted or above. */
  onLine: (line: LogLine) => void;
}

/**
 * Runs a hub until Ctrl-C.
 * @throws {OmsError} port_taken, input_file, process_failed
 */
export async function runHub(context: Context, options: RunHubOptions, listeners: HubListeners): Promise<void> {
  const { machine, settings, signal } = context;
  const entry = machine.appEntry('hub');
  if (entry === undefined) throw new Error('apps/hub is missing from this installation');
  const paths = hubPaths(settings.dir, options.data && resolve(options.data));
  await machine.makeFolder(paths.dataDir);
  const key = options.auth ? await provideKey(context, paths) : null;
  const env = environment(options, paths, key, !machine.exists(paths.hubsDir));
  let fatal: Static<typeof FatalLine> | undefined;
  let ready = false;
  const onLine = (raw: string) => {
    const entry = parse(raw);
    if (fatalLine.Check(entry)) fatal = entry;
    else if (readyLine.Check(entry)) {
      const found = describe(entry, paths.dataDir, key);
      machine.writeJson(paths.runningFile, { httpUrl: found.httpUrl, key });
      ready = true;
      listeners.onReady(found);
    } else {
      const line = parseLogLine('hub', raw);
      if (isShown(line, options.logLevel)) listeners.onLine(line);
    }
  };
  const code = await machine.runForeground({ entry, env, onLine, signal });
  // Of a hub that did not become ready there is none; another one may run on the same folder.
  if (ready) await machine.removeFolder(paths.runningFile);
  if (!ready) signal.throwIfAborted();
  if (signal.aborted && code === 0) return;
  throw fatal ? failure(fatal) : new OmsError('process_failed', `the hub ended with exit code ${code}`);
}
