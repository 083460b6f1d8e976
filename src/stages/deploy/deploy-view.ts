import { formatCount, formatDuration } from '../../ui/format.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { DeployResult } from './deploy.ts';
import type { Rollout } from './roll-out.ts';
import { shiftTotals } from './shift/view.ts';
import type { Site } from './site.ts';

/** Where the shop is reached, without a port that goes without saying. */
export const shopAddress = ({ domains, ports }: Pick<Site, 'domains' | 'ports'>): string =>
  `https://${domains[0]}${ports.https === 443 ? '' : `:${ports.https}`}/`;

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

/** What came of a deployment, for people; after --check the plan has said everything. */
export function deployReport(result: DeployResult, terminal: Pick<Terminal, 'style'>): string {
  const { outcome, rollout, site } = result;
  if (!rollout) return `Nothing was changed. Deploy it: oms deploy --env ${site.name}`;
  const head =
    outcome === 'unchanged'
      ? `Release ${rollout.release} runs already: nothing was changed.`
      : `Release ${rollout.release} runs${rollout.from && rollout.from !== rollout.release ? ` instead of ${rollout.from}` : ''}.`;
  return [
    terminal.style('green', head),
    ...phaseLines(rollout),
    '',
    `shop     ${shopAddress(site)}`,
    `status   oms status --env ${site.name}`,
    ...(rollout.from && rollout.from !== rollout.release ? [`back     oms rollback --env ${site.name}`] : []),
    `report   ${rollout.report}`,
  ].join('\n');
}
