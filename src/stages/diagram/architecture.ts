import { azurePart } from './azure-part.ts';
import type { CloudFacts } from './cloud-facts.ts';
import type { Diagram } from './model.ts';
import { premisesPart } from './premises-part.ts';

function titleOf({ environment, provisioned }: CloudFacts): string {
  if (!environment) return 'oms';
  return `oms · ${environment}${provisioned ? '' : ' (not provisioned yet)'}`;
}

/** The whole architecture: on-premises, Azure, and who is outside. */
export function architecture(facts: CloudFacts): Diagram {
  const premises = premisesPart();
  const azure = azurePart(facts);
  const nodes = [...premises.nodes, ...azure.nodes];
  const known = new Set([...nodes, ...premises.groups, ...azure.groups].map(({ id }) => id));
  return {
    title: titleOf(facts),
    groups: [...premises.groups, ...azure.groups],
    nodes,
    // A hub that an app speaks to may be missing in an environment of an older version.
    edges: [...premises.edges, ...azure.edges].filter(({ from, to }) => known.has(from) && known.has(to)),
  };
}
