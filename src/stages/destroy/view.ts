import type { Terminal } from '../../ui/terminal.ts';
import type { DestroyResult } from './destroy.ts';

const HEADS: Record<DestroyResult['outcome'], string> = {
  planned: 'Nothing was destroyed: this was the plan.',
  unchanged: 'There was nothing left to destroy.',
  destroyed: 'Destroyed.',
};

/** How it ended, and what is still there. */
export function destroyReport({ outcome, stays, report }: DestroyResult, { style }: Pick<Terminal, 'style'>): string {
  const lines = stays.flatMap(({ what, why, how }) => [
    `  ${what}`,
    `    ${why}`,
    ...(how ? [`    remove it with: ${how}`] : []),
  ]);
  return [
    style('bold', HEADS[outcome]),
    ...(lines.length > 0 ? [outcome === 'planned' ? 'What would stay:' : 'What stays:', ...lines] : []),
    ...(report ? [`report  ${report}`] : []),
  ].join('\n');
}
