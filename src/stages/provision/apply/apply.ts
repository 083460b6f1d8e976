import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setInterval } from 'node:timers';
import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import type { TerraformMessage } from '../../../tools/terraform-messages.ts';
import { NO_AREA, runSteps, type StepArea } from '../../../ui/steps.ts';
import type { EnvironmentPaths } from '../environment.ts';
import { type ApplyReport, leftText, reportOf } from './apply-report.ts';
import { createDiagnosticLog, type DiagnosticLog } from './diagnostic-log.ts';
import { patiently } from './patiently.ts';
import { type ApplyProgress, foldMessage, newProgress } from './progress.ts';
import { countLine, plainLine, treeLines } from './progress-view.ts';

export interface ApplyOptions {
  /** For the calls that are named in messages. */
  environment: string;
  paths: Pick<EnvironmentPaths, 'terraform'>;
  planFile: string;
  /** Resources the plan changes, for "n of m". */
  summaryCount: number;
  secrets: Readonly<Record<string, string>>;
  /** The one of the plan, so that a warning is not told twice. */
  log?: DiagnosticLog;
  /** Of the step; "applying the plan" unless it is another. */
  title?: string;
  onStart?: (pid: number) => void;
}

/** An apply that did not come to its end; what it did until then is in the report. */
export class ApplyFailed extends OmsError {
  readonly report: ApplyReport;

  constructor(failure: OmsError, report: ApplyReport) {
    const { why, next, original } = failure;
    super(failure.code, failure.message, {
      next,
      cause: failure,
      ...(why !== undefined && { why }),
      ...(original !== undefined && { original }),
    });
    this.report = report;
  }
}

const TICK_MS = 1_000;

/** Shows an apply while it runs: a tree where things can move, one line after the other elsewhere. */
class ApplyDisplay {
  private readonly progress: ApplyProgress;
  private readonly area: StepArea;
  private readonly report: (line: string) => void;
  private remarks: readonly string[] = [];

  constructor(progress: ApplyProgress, report: (line: string) => void, area: StepArea) {
    this.progress = progress;
    this.report = report;
    this.area = area;
  }

  show(message: TerraformMessage, now: number): void {
    const resource = foldMessage(this.progress, message, now);
    const line = resource && !this.area.moving && plainLine(this.progress, resource, message);
    if (line) this.report(line);
    this.draw(now);
  }

  /** Stays above the tree until there is something newer to say. */
  remark(lines: readonly string[]): void {
    this.remarks = lines;
    this.draw(performance.now());
    if (!this.area.moving) for (const line of lines) this.report(line);
  }

  draw(now: number): void {
    if (this.area.moving) this.area.draw([...this.remarks, ...treeLines(this.progress, now)]);
  }
}

function interruption(progress: ApplyProgress, environment: string): OmsError {
  return new OmsError('interrupted', 'interrupted; Terraform has stopped and released its lock', {
    why: leftText(progress),
    next: [`oms provision --env ${environment}   (goes on where it stopped)`],
  });
}

async function runApply(options: ApplyOptions, context: Context, display: ApplyDisplay, log: DiagnosticLog) {
  const { paths, planFile, secrets, environment } = options;
  const { signal, terraform } = context;
  const timer = setInterval(() => display.draw(performance.now()), TICK_MS);
  const onMessage = (message: TerraformMessage) => {
    log.onMessage(message);
    display.show(message, performance.now());
  };
  const say = (lines: readonly string[]) => display.remark(lines);
  try {
    await patiently(environment, say, context, (onStart) => {
      const started = (pid: number) => {
        onStart(pid);
        options.onStart?.(pid);
      };
      return terraform.apply({ folder: paths.terraform, planFile, secrets, signal, onStart: started, onMessage });
    });
  } finally {
    clearInterval(timer);
  }
}

function failureOf(error: unknown, progress: ApplyProgress, options: ApplyOptions, context: Context, took: number) {
  // What was killed has not stopped cleanly, whoever wanted it to stop.
  const gaveWay = !(error instanceof OmsError) || error.code === 'interrupted';
  if (context.signal.aborted && gaveWay) {
    return new ApplyFailed(interruption(progress, options.environment), reportOf(progress, 'interrupted', took));
  }
  return error instanceof OmsError ? new ApplyFailed(error, reportOf(progress, 'failed', took)) : error;
}

/**
 * Applies a saved plan and shows how it goes.
 * The first Ctrl-C asks Terraform to stop and waits for it; the second explains why waiting is better.
 * @throws {ApplyFailed} with what Terraform or Azure refused, or interrupted; either way with the report so far.
 */
export async function applyPlan(options: ApplyOptions, context: Context): Promise<ApplyReport> {
  const progress = newProgress(options.summaryCount);
  const log = options.log ?? createDiagnosticLog(context.terminal);
  const began = performance.now();
  const took = () => performance.now() - began;
  const title = options.title ?? 'applying the plan';
  const run = async (_: undefined, report: (line: string) => void, area = NO_AREA) => {
    await runApply(options, context, new ApplyDisplay(progress, report, area), log);
    return countLine(progress);
  };
  try {
    await runSteps(context.terminal, undefined, [{ title, run }]);
    return reportOf(progress, 'applied', took());
  } catch (error) {
    throw failureOf(error, progress, options, context, took());
  } finally {
    // Done or not, no other apply would take it: the state has moved on.
    await rm(resolve(options.paths.terraform, options.planFile), { force: true });
    log.tell();
  }
}
