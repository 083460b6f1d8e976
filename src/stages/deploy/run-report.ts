import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { createRunFolder, newRunId } from '../runs/run-folder.ts';
import { keepReport } from '../runs/run-record.ts';
import type { Phase } from './phases.ts';
import type { SitePaths } from './site.ts';

/** What one run did to a site: `.oms/<env>/runs/<run>/report.json`. It holds no secret. */
export interface DeployRunReport {
  version: 1;
  run: string;
  /** Such as "oms deploy". */
  command: string;
  site: string;
  startedAt: string;
  /** Null while it runs, and for ever when it was killed. */
  endedAt: string | null;
  outcome: 'running' | 'done' | 'unchanged' | 'rolled-back' | 'failed' | 'interrupted';
  error: { code: string; message: string; why: string | null } | null;
  release: string | null;
  from: string | null;
  preflight: unknown;
  plan: unknown;
  phases: Phase[];
  shift: unknown;
}

export interface DeployRecorder {
  readonly run: string;
  /** Absolute path of the report. */
  readonly file: string;
  readonly report: Readonly<DeployRunReport>;
  record(part: Partial<DeployRunReport>): void;
  addPhase(phase: Phase): void;
}

/** Begins the report of a run; what cannot be written later on is told once, and stops nothing. */
export async function openDeployReport(
  paths: Pick<SitePaths, 'folder' | 'runs'>,
  facts: Pick<DeployRunReport, 'command' | 'site'>,
  context: Context,
): Promise<DeployRecorder> {
  const run = newRunId(context.now());
  await createRunFolder(paths.folder, run);
  const file = join(paths.runs, run, 'report.json');
  const first: DeployRunReport = {
    ...{ version: 1, run, ...facts, startedAt: context.now().toISOString(), endedAt: null, outcome: 'running' },
    ...{ error: null, release: null, from: null, preflight: null, plan: null, phases: [], shift: null },
  };
  const { current, change: record } = keepReport(file, first, context);
  record({});
  return {
    run,
    file,
    get report() {
      return current();
    },
    record,
    addPhase: (phase) => record({ phases: [...current().phases, phase] }),
  };
}
