import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { isRunning } from '../../../lib/runtime/process-identity.ts';
import { type ProcessState, readState, type SupervisorState } from '../../../lib/runtime/supervision.ts';
import type { Machine } from '../../adapters/machine.ts';
import type { Context } from '../../context.ts';
import { messageOf } from '../../errors.ts';
import { HubStatus } from '../hub/hub-status.ts';
import { forEachApp, LOCAL_APPS, type LocalAppName } from './apps.ts';
import { findOrdersHub, readBacklog } from './backlog.ts';
import { isProcessRunning } from './converge.ts';
import { type LocalEndpoints, readLocalEndpoints } from './endpoints.ts';
import { type Backlog, judge, type ProcessHealth, type Verdict } from './health.ts';
import { localPaths } from './paths.ts';
import { LocalPorts } from './ports.ts';

/**
 * Everything is asked at once, and what has not answered by then counts as silent. What is dead refuses at once: only
 * what hangs takes so long, and on a busy machine this process itself is kept waiting for some tenths of a second.
 */
const PROBE_DEADLINE_MS = 1_500;

export interface LocalStatus extends Verdict {
  processes: ProcessHealth[];
  supervisorPid: number | null;
  /** null when hub or database do not answer. */
  backlog: Backlog | null;
  /** Partition by partition; null when the hub does not answer. */
  hubs: HubStatus[] | null;
  /** Of the disk that holds the stack's data. */
  diskFreeBytes: number | null;
}

const PORT_OF: Record<string, keyof LocalPorts> = {
  database: 'database',
  blob: 'blob',
  ...forEachApp((_name, { shown }) => shown),
};

/** What the supervisor's record says is wrong; undefined when the process should be answering. */
function recordedProblem(state: ProcessState, supervised: boolean): string | undefined {
  const exit = state.lastExit;
  const ended = exit ? `ended (${exit.signal ?? `exit code ${exit.code}`})` : 'has ended';
  const said = state.lastError ? `: ${state.lastError}` : '';
  if (state.status === 'given-up') return `was given up after it ${ended} again and again${said}`;
  if (state.status === 'restarting') return `${ended}, is being started again${said}`;
  if (state.status === 'waiting') return 'waits for what it needs';
  if (state.status === 'stopped') return 'is stopped';
  if (!isProcessRunning(state)) return supervised ? 'has just ended, is being started again' : 'has ended';
  return undefined;
}

/** The failing checks of a /readyz answer: "database: no answer within 1 s". */
function failingChecks(body: unknown): string {
  const checks = (body as { checks?: Record<string, { ok: boolean; detail?: string }> } | undefined)?.checks ?? {};
  return Object.entries(checks)
    .filter(([, check]) => !check.ok)
    .map(([name, check]) => (check.detail ? `${name}: ${check.detail}` : name))
    .join(', ');
}

async function probedProblem(machine: Machine, name: string, ports: Partial<LocalPorts>): Promise<string | null> {
  const app = Object.hasOwn(LOCAL_APPS, name) ? LOCAL_APPS[name as LocalAppName] : undefined;
  const port = app && ports[app.http];
  if (port === undefined) return null;
  const { ok, status, body } = await machine.probe(`http://127.0.0.1:${port}/readyz`, PROBE_DEADLINE_MS);
  if (ok) return null;
  if (status === undefined) return `does not answer within ${PROBE_DEADLINE_MS} ms`;
  return `is not ready (${failingChecks(body) || `HTTP ${status}`})`;
}

interface Surroundings {
  machine: Machine;
  ports: Partial<LocalPorts>;
  supervised: boolean;
}

async function inspect(state: ProcessState, around: Surroundings): Promise<ProcessHealth> {
  const running = isProcessRunning(state);
  const portName = PORT_OF[state.name];
  const recorded = recordedProblem(state, around.supervised);
  return {
    name: state.name,
    status: state.pid !== null && !running ? 'gone' : state.status,
    since: state.since,
    pid: running ? state.pid : null,
    port: (portName && around.ports[portName]) ?? null,
    uptimeMs: running && state.startedAt ? Math.max(0, Date.now() - Date.parse(state.startedAt)) : null,
    restarts: state.restarts,
    memoryBytes: (running && around.machine.residentBytes(state.pid!)) || null,
    lastError: state.lastError,
    problem: recorded ?? (await probedProblem(around.machine, state.name, around.ports)),
  };
}

const hubList = Compile(Type.Array(HubStatus));

interface BacklogFound {
  backlog: Backlog | null;
  hubs: HubStatus[] | null;
  /** What the database said instead. */
  databaseProblem: string | null;
}

const NOT_FOUND: Readonly<BacklogFound> = { backlog: null, hubs: null, databaseProblem: null };

/** @param seen gets what is known as soon as it is */
async function askBacklog(machine: Machine, endpoints: LocalEndpoints, seen: BacklogFound): Promise<BacklogFound> {
  const { body } = await machine.probe(`${endpoints.hubHttpUrl}/hubs`, PROBE_DEADLINE_MS);
  seen.hubs = hubList.Check(body) ? body : null;
  const hub = findOrdersHub(body);
  if (!hub) return seen;
  return readBacklog(hub, endpoints.adminDatabaseUrl, PROBE_DEADLINE_MS).then(
    (backlog) => ({ ...seen, backlog }),
    (error: unknown) => ({ ...seen, databaseProblem: `does not answer (${messageOf(error)})` }),
  );
}

/** A server may take a connection and then say nothing. */
async function findBacklog(machine: Machine, endpoints: LocalEndpoints): Promise<BacklogFound> {
  const seen: BacklogFound = { ...NOT_FOUND };
  const silence = Promise.withResolvers<BacklogFound>();
  const timer = setTimeout(() => silence.resolve(seen), 2 * PROBE_DEADLINE_MS);
  return Promise.race([askBacklog(machine, endpoints, seen), silence.promise]).finally(() => clearTimeout(timer));
}

const NOTHING = { processes: [], supervisorPid: null, backlog: null, hubs: null, diskFreeBytes: null };

async function inspectAll(context: Context, state: SupervisorState, endpoints: LocalEndpoints): Promise<LocalStatus> {
  const { machine } = context;
  const paths = localPaths(context.settings.dir);
  const supervised = isRunning(state);
  const ports = (await machine.readJson(paths.portsFile, Type.Partial(LocalPorts))) ?? {};
  const anyRunning = state.processes.some(isProcessRunning);
  const around = { machine, ports, supervised };
  const [processes, { backlog, hubs, databaseProblem }, disk] = await Promise.all([
    Promise.all(state.processes.map((process) => inspect(process, around))),
    anyRunning ? findBacklog(machine, endpoints) : NOT_FOUND,
    machine.freeDiskBytes(paths.localDir),
  ]);
  const database = processes.find(({ name }) => name === 'database');
  if (database) database.problem ??= databaseProblem;
  const found = { processes, backlog, hubs, diskFreeBytes: disk ?? null };
  return { ...judge({ ...found, supervised }), ...found, supervisorPid: supervised ? state.pid : null };
}

/** How the local stack is; answers at once whatever is dead, after the deadlines where something hangs; never throws. */
export async function status(context: Context): Promise<LocalStatus> {
  const paths = localPaths(context.settings.dir);
  const state = readState(paths.stateFile);
  const endpoints = await readLocalEndpoints(paths.localDir).catch(() => undefined);
  if (!state || !endpoints) return { ...judge({ ...NOTHING, supervised: false }), ...NOTHING };
  return inspectAll(context, state, endpoints);
}
