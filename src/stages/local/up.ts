import { readState } from '../../../lib/runtime/supervision.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { runSteps } from '../../ui/steps.ts';
import { runningPids } from './converge.ts';
import { stopStack } from './down.ts';
import { localPaths } from './paths.ts';
import { buildEndpoints } from './spec.ts';
import { buildUpSteps, type UpOptions, type UpRun } from './up-steps.ts';

export interface UpResult {
  /** Names of the processes this call has started or started anew. */
  started: string[];
  /** Names of those that ran before and were left alone. */
  alreadyRunning: string[];
  /** The shop. */
  pagesUrl: string;
  /** The page of the staff; its password is `adminToken` in `secretsFile`. */
  consoleUrl: string;
  /** Generated passwords and keys, mode 0600. */
  secretsFile: string;
  producerUrl: string;
  hubHttpUrl: string;
  /** The stand-in payment provider and carriers. */
  sandboxUrl: string;
  blobUrl: string;
  /** Folder that mail to customers is put into. */
  mailFolder: string;
  hubPort: number;
  /** null when a database of the user's own is used. */
  databasePort: number | null;
  /** Folder of data, logs and process files. */
  folder: string;
}

function resultOf(run: UpRun): UpResult {
  const plan = run.plan!;
  const { pagesUrl, producerUrl, hubHttpUrl, sandboxUrl, blobUrl } = buildEndpoints(plan);
  return {
    started: run.started,
    alreadyRunning: run.alreadyRunning,
    pagesUrl,
    consoleUrl: `${pagesUrl}/console`,
    secretsFile: run.paths.secretsFile,
    producerUrl,
    hubHttpUrl,
    sandboxUrl,
    blobUrl,
    mailFolder: run.paths.mailDir,
    hubPort: plan.ports.hub,
    databasePort: plan.server ? plan.ports.database : null,
    folder: run.paths.localDir,
  };
}

/** Ctrl-C: what this call has started goes, what ran before stays. */
async function undo(context: Context, run: UpRun): Promise<void> {
  if (run.startedSupervisor) await stopStack(context.machine, run.paths);
}

/** The address itself is not repeated: it may hold a password. */
function refuseOtherSchemes(databaseUrl: string): void {
  const url = URL.parse(databaseUrl);
  if (url?.protocol === 'mysql:' && url.pathname.length > 1) return;
  throw new OmsError('usage', '--database-url (OMS_DATABASE_URL) is not the address of a MySQL schema', {
    next: ['oms up --database-url mysql://user:password@host:3306/schema'],
  });
}

/**
 * Starts the local stack, or what is missing of it: database, schema, blob storage, event hub, sandbox, consumer,
 * order API, pages, notifier.
 * Run again it changes nothing that is as it should be.
 * @throws {OmsError} usage, port_taken, tool_missing, stack_not_ready, database_unreachable, database_schema, interrupted
 */
export async function up(context: Context, options: UpOptions): Promise<UpResult> {
  if (options.databaseUrl) refuseOtherSchemes(options.databaseUrl);
  const paths = localPaths(context.settings.dir);
  await context.machine.makeFolder(paths.localDir);
  return context.machine.withLock(paths.lockFile, async () => {
    const run: UpRun = {
      paths,
      options,
      pidsBefore: runningPids(readState(paths.stateFile)),
      startedSupervisor: false,
      started: [],
      alreadyRunning: [],
    };
    try {
      await runSteps(context.terminal, run, buildUpSteps(context));
      return resultOf(run);
    } catch (error) {
      if (context.signal.aborted) await undo(context, run);
      throw error;
    }
  });
}
