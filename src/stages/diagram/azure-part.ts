import { formatCount } from '../../ui/format.ts';
import type { CloudFacts, HubFacts } from './cloud-facts.ts';
import type { Diagram, DiagramEdge, DiagramNode } from './model.ts';

export const AZURE = 'azure';
export const NAMESPACE = 'namespace';
export const ARCHIVE = 'archive';
export const FILES = 'files';
export const VAULT = 'vault';
const LOGS = 'logs';
const PAIR = 'pair';

/** Where a hub is in the picture. */
export const hubId = (name: string): string => `hub-${name}`;

const YEARS_OF_DAYS = 365.25;

const present = (...lines: (string | undefined | false)[]): string[] =>
  lines.filter((line) => typeof line === 'string');

function hubNode({ name, partitions, retentionHours }: HubFacts): DiagramNode {
  const details = present(
    partitions !== undefined && `${partitions} partitions`,
    retentionHours !== undefined && `kept ${retentionHours / 24} days`,
  );
  return {
    id: hubId(name),
    kind: 'hub',
    title: name,
    details: details.length > 0 ? [details.join(', ')] : [],
    group: NAMESPACE,
  };
}

function archiveNode({ account, container, days, redundancy, locked }: CloudFacts['archive']): DiagramNode {
  const years = Math.floor(days / YEARS_OF_DAYS);
  const details = present(
    account && `${account}/${container}`,
    `${years} years unchangeable (WORM)`,
    `${formatCount(days)} days, ${redundancy}`,
    locked !== undefined && (locked ? 'locked for ever' : 'not locked yet'),
  );
  return { id: ARCHIVE, kind: 'storage', title: 'Archive', details, group: AZURE };
}

function otherNodes({ files, keyVault, logWorkspace, archive, secondaryRegion }: CloudFacts): DiagramNode[] {
  const pair: DiagramNode = {
    id: PAIR,
    kind: 'service',
    title: 'Paired namespace',
    details: present(secondaryRegion, 'geo-disaster recovery'),
    group: AZURE,
  };
  return [
    archiveNode(archive),
    {
      id: FILES,
      kind: 'storage',
      title: 'Files',
      details: present(files.account, files.containers.length > 0 && files.containers.join(', ')),
      group: AZURE,
    },
    { id: VAULT, kind: 'service', title: 'Key Vault', details: present(keyVault), group: AZURE },
    {
      id: LOGS,
      kind: 'service',
      title: 'Log Analytics',
      details: present(logWorkspace, 'metrics, logs, alerts'),
      group: AZURE,
    },
    ...(secondaryRegion ? [pair] : []),
  ];
}

function edgesOf({ hubs, archive, secondaryRegion }: CloudFacts): DiagramEdge[] {
  const captured = hubs.filter(({ capture }) => capture);
  const capture = captured.map(
    ({ name }, index): DiagramEdge => ({
      from: hubId(name),
      to: ARCHIVE,
      ...(index === 0 && { label: `Capture, ${archive.captureEverySeconds} s` }),
    }),
  );
  return [
    ...capture,
    { from: NAMESPACE, to: LOGS, label: 'diagnostics', line: 'background' },
    ...(secondaryRegion ? [{ from: NAMESPACE, to: PAIR, label: 'metadata', line: 'background' } as const] : []),
  ];
}

/** What Terraform makes in Azure. */
export function azurePart(facts: CloudFacts): Omit<Diagram, 'title'> {
  const { region, namespace, hubs } = facts;
  return {
    groups: [
      { id: AZURE, title: 'Azure', details: present(region) },
      {
        id: NAMESPACE,
        title: 'Event Hubs',
        details: present(namespace.name, namespace.size, namespace.access),
        parent: AZURE,
      },
    ],
    nodes: [...hubs.map(hubNode), ...otherNodes(facts)],
    edges: edgesOf(facts),
  };
}
