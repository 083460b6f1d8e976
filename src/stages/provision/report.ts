import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { startTimeOf } from '../../../lib/runtime/process-identity.ts';
import type { Context } from '../../context.ts';
import { Diagnostic } from '../../tools/terraform-messages.ts';
import { createRunFolder, newRunId, RUN_ID } from '../runs/run-folder.ts';
import { failureOf, keepReport } from '../runs/run-record.ts';
import { AppliedResource, type ApplyReport } from './apply/apply-report.ts';
import type { EnvironmentPaths } from './environment.ts';

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const OrNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) => Type.Union([schema, Type.Null()]);

const Process = Type.Object({ pid: Type.Integer({ minimum: 1 }), startTime: Text });

/** What one run did to an environment: `.oms/<env>/runs/<run>/report.json`. It holds no secret. */
export const RunReport = Type.Object({
  version: Type.Literal(1),
  run: Text,
  /** Such as "oms provision". */
  command: Text,
  environment: Text,
  startedAt: Text,
  /** Null while it runs, and for ever when it was killed. */
  endedAt: OrNull(Text),
  outcome: Type.Enum(['running', 'done', 'failed', 'interrupted']),
  error: OrNull(Type.Object({ code: Text, message: Text, why: OrNull(Text) })),
  /** Of oms, and of Terraform while it applies: it may outlive oms. */
  process: OrNull(Process),
  terraformProcess: OrNull(Process),
  /** Version of Terraform. */
  terraform: OrNull(Text),
  /** All requests of this run bear it in Azure's activity log. */
  correlationId: Text,
  sizing: OrNull(Type.Unknown()),
  summary: OrNull(Type.Object({ added: Count, changed: Count, removed: Count })),
  resources: Type.Array(AppliedResource),
  diagnostics: Type.Array(Diagnostic),
  /** What was read back from Azure, and what of it is not as it should be. */
  readBack: OrNull(Type.Unknown()),
  canary: OrNull(Type.Unknown()),
});
export type RunReport = Static<typeof RunReport>;

/** Written as it goes, so that a run that was killed leaves what it knew. */
export interface RunRecorder {
  /** Absolute path of the report. */
  readonly file: string;
  readonly report: Readonly<RunReport>;
  record(part: Partial<Pick<RunReport, 'terraform' | 'sizing' | 'diagnostics' | 'readBack' | 'canary'>>): void;
  recordApply(apply: ApplyReport): void;
  /** Terraform's process, known as soon as it applies. */
  recordTerraform(pid: number): void;
  /** Call it last, with what was thrown where something was. */
  finish(error?: unknown): void;
}

const reportFile = (paths: Pick<EnvironmentPaths, 'runs'>, run: string) => join(paths.runs, run, 'report.json');

/** A pid is reused; with its start time it is one process for good. */
function identityOf(pid: number): RunReport['process'] {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? null : { pid, startTime };
}

function newReport(run: string, facts: Pick<RunReport, 'command' | 'environment'>, context: Context): RunReport {
  return {
    version: 1,
    run,
    ...facts,
    startedAt: context.now().toISOString(),
    endedAt: null,
    outcome: 'running',
    error: null,
    process: identityOf(process.pid),
    terraformProcess: null,
    terraform: null,
    correlationId: context.terraform.correlationId,
    sizing: null,
    summary: null,
    resources: [],
    diagnostics: [],
    readBack: null,
    canary: null,
  };
}

const endOf = (error: unknown, context: Context): Pick<RunReport, 'outcome' | 'error'> =>
  error === undefined ? { outcome: 'done', error: null } : failureOf(error, context);

/**
 * Begins the report of a run and makes it the latest of its environment. What cannot be written later on is told once,
 * and stops nothing.
 */
export async function openRunReport(
  paths: Pick<EnvironmentPaths, 'folder' | 'runs'>,
  facts: Pick<RunReport, 'command' | 'environment'>,
  context: Context,
): Promise<RunRecorder> {
  const run = newRunId(context.now());
  await createRunFolder(paths.folder, run);
  const file = reportFile(paths, run);
  const { current, change } = keepReport(file, newReport(run, facts, context), context);
  context.machine.writeJson(file, current());
  return {
    file,
    get report() {
      return current();
    },
    record: change,
    recordApply: ({ terraform, summary, resources, diagnostics }) =>
      change({
        terraform,
        summary,
        resources,
        diagnostics: [...current().diagnostics, ...diagnostics],
        terraformProcess: null,
      }),
    recordTerraform: (pid) => change({ terraformProcess: identityOf(pid) }),
    finish: (error) => change({ ...endOf(error, context), endedAt: context.now().toISOString() }),
  };
}

/** More runs back nothing is looked for. */
const RECENT_RUNS = 10;

const isOwn = ({ process: recorded }: RunReport) =>
  recorded?.pid === process.pid && recorded.startTime === startTimeOf(process.pid);

/** The reports of the last runs before this one, the newest first; what cannot be read is left out. */
export async function recentRunReports(
  paths: Pick<EnvironmentPaths, 'runs'>,
  context: Pick<Context, 'machine'>,
): Promise<RunReport[]> {
  // The name of a run begins with its time.
  const runs = (await readdir(paths.runs).catch(() => [])).filter((name) => RUN_ID.test(name)).sort();
  const last = runs.slice(-RECENT_RUNS).reverse();
  const reports = await Promise.all(last.map((run) => context.machine.readJson(reportFile(paths, run), RunReport)));
  return reports.filter((report) => report !== undefined).filter((report) => !isOwn(report));
}
