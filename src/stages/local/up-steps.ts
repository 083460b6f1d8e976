import { Type } from 'typebox';
import { grantReader } from '../../../lib/database/grants.ts';
import { hashSpec, readState, type SupervisorSpec } from '../../../lib/runtime/supervision.ts';
import type { Machine } from '../../adapters/machine.ts';
import type { Context } from '../../context.ts';
import { ACCOUNT_NAMES, startStatements } from '../../tools/mysql-accounts.ts';
import type { Step } from '../../ui/steps.ts';
import { forEachApp, LOCAL_APP_NAMES, LOCAL_APPS } from './apps.ts';
import { converge, untilReady } from './converge.ts';
import { describeServer, migrateDatabase, provideDatabaseServer, ServerRecord } from './database.ts';
import { endpointsFile } from './endpoints.ts';
import type { LocalPaths } from './paths.ts';
import type { StackPlan } from './plan.ts';
import { providePorts } from './ports.ts';
import { provideSecrets } from './secrets.ts';
import { buildEndpoints, buildSpec, hubConfig } from './spec.ts';

export interface UpOptions {
  /** A database of the user's own; none is started then. */
  databaseUrl: string | undefined;
  /** Forget remembered ports of what does not run. */
  newPorts: boolean;
  logLevel: string;
  /** Whether the hub archives events; as before when it is not said. */
  capture: boolean | undefined;
}

/** One run of `oms up`: what its steps hand to each other. */
export interface UpRun {
  paths: LocalPaths;
  options: UpOptions;
  /** What ran before this run, by name. */
  pidsBefore: ReadonlyMap<string, number>;
  plan?: StackPlan;
  spec?: SupervisorSpec;
  startedSupervisor: boolean;
  started: string[];
  alreadyRunning: string[];
}

type Run = Step<UpRun>['run'];

/** What has to be there before the schema can be made; everything else needs the schema. */
const FOUNDATION = new Set(['database', 'blob']);

/** A container outlives a client that was killed, and would hold the port of the next one. */
async function stopOrphanedContainer(machine: Machine, run: UpRun): Promise<void> {
  const server = await machine.readJson(run.paths.serverFile, ServerRecord);
  if (server?.how === 'docker' && !run.pidsBefore.has('database')) await machine.stopContainer(run.paths.databaseDir);
}

const CaptureChoice = Type.Object({
  hubs: Type.Array(Type.Object({ capture: Type.Optional(Type.Object({ enabled: Type.Boolean() })) })),
});

/** What was chosen when the stack was last started. */
async function isCapturing(machine: Machine, paths: LocalPaths): Promise<boolean> {
  const before = await machine.readJson(paths.hubConfigFile, CaptureChoice);
  return before?.hubs.some(({ capture }) => capture?.enabled === true) ?? false;
}

const prepare =
  ({ machine }: Context): Run =>
  async (run) => {
    const { paths, options } = run;
    for (const folder of [paths.cacheDir, paths.logDir, paths.blobDir, paths.hubDir]) await machine.makeFolder(folder);
    await stopOrphanedContainer(machine, run);
    const running = new Set(run.pidsBefore.keys());
    run.plan = {
      paths,
      ports: await providePorts(machine, paths.portsFile, { running, choose: options.newPorts }),
      secrets: await provideSecrets(machine, paths.secretsFile),
      server: undefined,
      databaseUrl: options.databaseUrl,
      logLevel: options.logLevel,
      capture: options.capture ?? (await isCapturing(machine, paths)),
      asRoot: process.getuid?.() === 0,
      node: process.execPath,
      blobEntry: machine.blobServiceEntry(),
      appEntries: forEachApp((name, { program = name }) => machine.appEntry(program)),
    };
    machine.writeJson(paths.hubConfigFile, hubConfig(run.plan.capture));
    return paths.localDir;
  };

const findServer =
  ({ machine, settings, signal }: Context): Run =>
  async (run, report) => {
    const { ports, secrets, databaseUrl } = run.plan!;
    if (databaseUrl) return 'your own';
    machine.writeText(run.paths.databaseStartFile, `${startStatements(secrets.database.sandbox).join('\n')}\n`);
    run.plan!.server = await provideDatabaseServer(machine, {
      paths: run.paths,
      ports,
      secrets,
      isRunning: run.pidsBefore.has('database'),
      searchPath: settings.searchPath,
      report,
      signal,
    });
    return describeServer(run.plan!.server);
  };

/** The foundation, and whatever runs already as it should: nothing that works is stopped on the way. */
function foundationOf(run: UpRun): SupervisorSpec {
  const state = readState(run.paths.stateFile);
  const current = new Set(state?.processes.map(({ specHash }) => specHash));
  const processes = run.spec!.processes.filter(
    (spec) => FOUNDATION.has(spec.name) || (run.pidsBefore.has(spec.name) && current.has(hashSpec(spec))),
  );
  return { ...run.spec!, processes };
}

async function startAll(context: Context, run: UpRun, spec: SupervisorSpec): Promise<void> {
  if (await converge(context.machine, run.paths, spec)) run.startedSupervisor = true;
}

/** Waits for a process and notes whether it is the one that ran before. */
const settle =
  (context: Context, name: string): Run =>
  async (run) => {
    const spec = run.spec!.processes.find((candidate) => candidate.name === name);
    if (!spec) return 'not part of this stack';
    const { pid } = await untilReady(run.paths, spec, context.signal);
    const same = run.pidsBefore.get(name) === pid;
    (same ? run.alreadyRunning : run.started).push(name);
    return same ? 'already running' : `process ${pid}`;
  };

const startFoundation =
  (context: Context): Run =>
  async (run, report) => {
    run.spec = buildSpec(run.plan!);
    context.machine.writeJson(endpointsFile(run.paths.localDir), buildEndpoints(run.plan!));
    await startAll(context, run, foundationOf(run));
    return run.plan!.server ? settle(context, 'database')(run, report) : 'your own';
  };

const bringSchema =
  (context: Context): Run =>
  async (run) => {
    const { adminDatabaseUrl } = buildEndpoints(run.plan!);
    const ownServer = run.plan!.server !== undefined;
    const applied = await migrateDatabase(adminDatabaseUrl, context.signal, ownServer);
    // A database of somebody else's has the accounts that its owner wants it to have.
    if (ownServer) await grantReader(adminDatabaseUrl, ACCOUNT_NAMES.ask);
    await startAll(context, run, run.spec!);
    return applied.length > 0 ? `${applied.length} migrations applied` : 'up to date';
  };

export function buildUpSteps(context: Context): Step<UpRun>[] {
  return [
    { title: 'Folders and ports', run: prepare(context) },
    { title: 'Database server', run: findServer(context) },
    { title: 'Database', run: startFoundation(context) },
    { title: 'Schema', run: bringSchema(context) },
    { title: 'Blob storage', run: settle(context, 'blob') },
    ...LOCAL_APP_NAMES.map((name) => ({ title: LOCAL_APPS[name].title, run: settle(context, name) })),
  ];
}
