import type { Terminal } from '../../ui/terminal.ts';
import type { ProvisionResult } from './provision.ts';
import { readBackReport } from './read-back/report.ts';

/** Where the resource group is shown in a browser; other clouds than the public one have portals of their own. */
const portalUrl = (id: string) => `https://portal.azure.com/#@/resource${id}`;

const HEADS: Record<ProvisionResult['outcome'], string> = {
  planned: 'Nothing was changed: this was the plan.',
  unchanged: 'Everything is as it should be; nothing had to be changed.',
  applied: 'Provisioned.',
};

function placeLines({ proof, environment }: ProvisionResult): string[] {
  if (!proof) return [];
  const { namespace, archive, key_vault: vault, resource_group: group } = proof.outputs;
  return [
    `  namespace  ${namespace.fqdn}`,
    `  archive    ${archive.blob_endpoint}${archive.container}${environment.archiveLocked ? '  (locked)' : ''}`,
    `  vault      ${vault.uri}`,
    `  portal     ${portalUrl(group.id)}`,
  ];
}

function canaryLine({ proof }: ProvisionResult): string[] {
  if (!proof) return [];
  const { canary } = proof;
  if (!canary) return ['  canary     not sent'];
  const { archive, roundTripMs } = canary;
  return [`  canary     back in ${Math.round(roundTripMs)} ms, in the archive as ${archive.file}`];
}

/** What to call next, the most sensible first. */
function nextLines({ outcome, environment, proof }: ProvisionResult): string[] {
  const { name, archiveLocked } = environment;
  if (outcome === 'planned') return ['the same command without --plan-only'];
  if (proof && proof.readBack.errors > 0) return [`oms provision --env ${name} --drift`];
  return [
    ...(proof?.canary && !archiveLocked
      ? [`oms provision --env ${name} --lock-archive   (for ever; Microsoft advises it within a day)`]
      : []),
    `oms diagram --env ${name}`,
  ];
}

/** How a run ended: what was read back, where everything is, what comes next. */
export function provisionReport(result: ProvisionResult, terminal: Terminal): string {
  const { proof, lock, report, outcome } = result;
  const wrong = proof && proof.readBack.errors > 0;
  const head = wrong ? `${HEADS[outcome]} What Azure says differs from what was asked for.` : HEADS[outcome];
  return [
    ...(proof ? [readBackReport(proof.readBack, terminal), ''] : []),
    terminal.style(wrong ? ['bold', 'red'] : 'bold', head),
    ...placeLines(result),
    ...canaryLine(result),
    ...(lock?.changed ? [`  locked     ${lock.account}/${lock.container} for ${lock.days} days, for ever`] : []),
    ...(report ? [`  report     ${report}`] : []),
    ...nextLines(result).map((call) => `next  ${call}`),
  ].join('\n');
}
