import type { TerraformMessage } from '../../../tools/terraform-messages.ts';
import { formatDuration } from '../../../ui/format.ts';
import { visible } from '../../../ui/visible.ts';
import { type ApplyProgress, inState, type ResourceProgress } from './progress.ts';

/** What is drawn never grows taller than this; a small terminal has 24 lines. */
const MAX_RUNNING = 12;

const DOING: Record<string, string> = {
  create: 'creating',
  update: 'changing',
  delete: 'deleting',
  replace: 'replacing',
  remove: 'forgetting',
  move: 'moving',
  import: 'importing',
};

const DONE: Record<string, string> = {
  create: 'created',
  update: 'changed',
  delete: 'deleted',
  replace: 'replaced',
  remove: 'forgotten',
  move: 'moved',
  import: 'imported',
};

const doing = ({ action }: ResourceProgress) => DOING[action] ?? action;
const done = ({ action }: ResourceProgress) => DONE[action] ?? `${action} done`;

/** Terraform counts whole seconds. */
function secondsText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : formatDuration(whole * 1_000);
}

/** A running resource's own seconds, between two of Terraform's reports as well. */
function elapsed({ seconds, startedAt }: ResourceProgress, now: number): string {
  const running = startedAt === undefined ? 0 : (now - startedAt) / 1_000;
  const total = Math.floor(seconds + running);
  return total === 0 ? '' : ` ${secondsText(total)}`;
}

/** "5 of 17 done, 3 running". */
export function countLine(progress: ApplyProgress): string {
  const running = inState(progress, 'running').length;
  const failed = inState(progress, 'failed').length;
  const parts = [
    `${inState(progress, 'done').length} of ${progress.total} done`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return parts.join(', ');
}

function groups(progress: ApplyProgress): Map<string, ResourceProgress[]> {
  return Map.groupBy(progress.resources.values(), ({ group }) => group);
}

const isOpen = ({ state }: ResourceProgress) => state === 'running' || state === 'failed';

function groupLines(name: string, resources: readonly ResourceProgress[], now: number): string[] {
  const finished = resources.filter(({ state }) => state === 'done').length;
  if (finished === resources.length) return [`✓ ${visible(name)} (${finished})`];
  if (finished === 0 && !resources.some(isOpen)) return [];
  const open = resources.filter(isOpen).map((resource) => {
    const text = resource.state === 'failed' ? 'failed' : doing(resource);
    return `    ${resource.state === 'failed' ? '✗' : '›'} ${visible(resource.label)}  ${text}${elapsed(resource, now)}`;
  });
  return [`  ${visible(name)} (${finished} of ${resources.length})`, ...open];
}

/** The tree of a running apply: finished groups in one line each, the others with what is going on in them. */
export function treeLines(progress: ApplyProgress, now: number): string[] {
  const lines = [...groups(progress)].flatMap(([name, resources]) => groupLines(name, resources, now));
  const shown = lines.slice(0, MAX_RUNNING);
  const hidden = lines.length - shown.length;
  return [countLine(progress), ...shown, ...(hidden > 0 ? [`  ... and ${hidden} more`] : [])];
}

/** Plain lines tell of a resource that takes its time once a minute. */
const REMINDER_SECONDS = 60;

/** What to write where nothing moves; undefined for messages that are not worth a line. */
export function plainLine(
  progress: ApplyProgress,
  resource: ResourceProgress,
  message: TerraformMessage,
): string | undefined {
  const address = visible(resource.address);
  const seconds = message.hook?.elapsed_seconds ?? 0;
  if (message.type === 'apply_start') return `${address}: ${doing(resource)}`;
  if (message.type === 'apply_errored') return `${address}: failed after ${secondsText(seconds)}`;
  if (message.type === 'apply_progress' && seconds > 0 && seconds % REMINDER_SECONDS === 0) {
    return `${address}: still ${doing(resource)}, ${secondsText(seconds)}`;
  }
  if (message.type !== 'apply_complete' || resource.state !== 'done') return undefined;
  return `${address}: ${done(resource)} in ${secondsText(resource.seconds)} (${countLine(progress)})`;
}
