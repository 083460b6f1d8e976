import { shopUrl } from '../../render/environment-file.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { DeployResult } from './deploy.ts';
import type { Rollout } from './rollout/attempt.ts';
import { shiftTotals } from './shift/view.ts';

function phaseLines({ phases, shift }: Rollout): string[] {
  const lines = phases.map(
    ({ playbook, seconds, changed }) =>
      `  ${playbook.padEnd(9)} ${formatDuration(seconds * 1_000).padStart(7)}   ${changed === 0 ? 'nothing to change' : `${changed} changed`}`,
  );
  if (!shift) return lines;
  const { seconds, requests, failed } = shiftTotals(shift);
  const watched = `${formatCount(requests)} requests watched, ${formatCount(failed)} failed`;
  return [...lines, `  ${'shift'.padEnd(9)} ${formatDuration(seconds * 1_000).padStart(7)}   ${watched}`];
}

/** Whether a deployment as it was checked would begin at all. */
export const wouldBegin = ({ preflight, plan }: DeployResult): boolean =>
  plan.refused === null && preflight.every(({ state }) => state !== 'fail');

const checkReport = (result: DeployResult, again: string): string =>
  wouldBegin(result)
    ? `Nothing was changed. To do it: ${again}`
    : 'Nothing was changed, and as it is nothing would be: see what failed above.';

/**
 * What came of a deployment, for people; after --check the plan has said everything.
 * @param again the call without --check.
 */
export function deployReport(result: DeployResult, again: string, terminal: Pick<Terminal, 'style'>): string {
  const { outcome, rollout } = result;
  if (!rollout) return checkReport(result, again);
  const head =
    outcome === 'unchanged'
      ? `Release ${rollout.release} runs already: nothing was changed.`
      : `Release ${rollout.release} runs${rollout.from && rollout.from !== rollout.release ? ` instead of ${rollout.from}` : ''}.`;
  const { site } = result;
  return [
    terminal.style('green', head),
    ...phaseLines(rollout),
    '',
    `shop     ${shopUrl(site)}/`,
    `status   oms status --env ${site.name}`,
    ...(rollout.from && rollout.from !== rollout.release ? [`back     oms rollback --env ${site.name}`] : []),
    `report   ${rollout.report}`,
  ].join('\n');
}
