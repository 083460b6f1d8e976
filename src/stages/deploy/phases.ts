import type { PlayRecap, TaskResult } from '../../adapters/ansible/engine.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { playFailure } from '../../tools/ansible-failures.ts';
import type { StepArea } from '../../ui/steps.ts';
import type { SitePaths } from './site.ts';
import { PLAYBOOKS, type Playbook } from './variables.ts';

/** One playbook of a deployment, as the run's report keeps it. */
export interface Phase {
  playbook: Playbook;
  seconds: number;
  changed: number;
  /** What failed where; empty as a rule. */
  failed: TaskResult[];
}

export interface PhaseCall {
  playbook: Playbook;
  /** Name of the site. */
  site: string;
  paths: SitePaths;
  /** Only these hosts. */
  limit?: readonly string[];
  /** Told of each line of progress. */
  report: (line: string) => void;
  area?: StepArea | undefined;
}

/** A gate that did not open: what the servers were asked for did not come true. */
export class PhaseFailed extends OmsError {
  readonly phase: Phase;

  constructor(phase: Phase, site: string) {
    const { code, message, why, next, original } = playFailure(phase.failed);
    super(code, message, {
      ...(why && { why }),
      next: next.map((step) => step.replaceAll('<name>', site)),
      ...(original && { original }),
    });
    this.phase = phase;
  }
}

const itemText = ({ task, item }: TaskResult) => (item ? `${task}: ${item}` : task);

/** What each host does now, drawn in place; where nothing moves, what was changed or failed, line by line. */
function progressOf({ report, area }: PhaseCall) {
  const now = new Map<string, string>();
  let current = '';
  const draw = () =>
    area?.draw([current, ...[...now].map(([host, text]) => `${host}  ${text}`)].filter((line) => line !== ''));
  return {
    started(task: string) {
      current = task;
      if (area?.moving) draw();
    },
    done(result: TaskResult) {
      if (result.outcome === 'skipped') return;
      if (area?.moving) {
        if (result.outcome !== 'ok') now.set(result.host, `${result.outcome}: ${itemText(result)}`);
        return draw();
      }
      if (result.outcome !== 'ok') report(`${result.host}: ${itemText(result)}: ${result.outcome}`);
    },
  };
}

async function play(call: PhaseCall, context: Context): Promise<PlayRecap> {
  const { playbook, paths, limit } = call;
  const progress = progressOf(call);
  return context.ansible.play({
    playbook: PLAYBOOKS[playbook],
    folder: context.machine.templateFolder('ansible'),
    inventory: paths.inventory,
    variables: paths.variables,
    ...(limit && { limit }),
    scratch: paths.deploy,
    signal: context.signal,
    onTask: (event) => {
      if (event.kind === 'started') progress.started(event.task);
      else progress.done(event.result);
    },
  });
}

/**
 * Runs one playbook on the site's hosts.
 * @throws {PhaseFailed} when a task failed on any host; {OmsError} when Ansible could not run.
 */
export async function runPhase(call: PhaseCall, context: Context): Promise<Phase> {
  const start = performance.now();
  const { changed, failed } = await play(call, context);
  const phase = { playbook: call.playbook, seconds: (performance.now() - start) / 1_000, changed, failed };
  if (failed.length > 0) throw new PhaseFailed(phase, call.site);
  return phase;
}
