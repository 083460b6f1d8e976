import type { Drift } from './drift.ts';
import type { Environment } from './environment.ts';
import type { PropertyChange, ResourceSummary } from './plan/summary.ts';

/** Auto-inflate raises units by itself up to its cap, and never lowers them. */
function isInflation({ path, before, after }: PropertyChange, { capacity }: Environment): boolean {
  const [from, to] = [Number(before), Number(after)];
  return path === 'capacity' && to > from && to <= capacity.maximumUnits;
}

/** The lock is not Terraform's: its state hears of it with the next apply. */
const isOwnLock = ({ path, after }: PropertyChange, { archiveLocked }: Environment): boolean =>
  archiveLocked && path === 'locked' && after === 'true';

const EXPECTED: Record<string, (change: PropertyChange, environment: Environment) => boolean> = {
  azurerm_eventhub_namespace: isInflation,
  azurerm_storage_container_immutability_policy: isOwnLock,
};

function unexpected(resource: ResourceSummary, environment: Environment): ResourceSummary[] {
  const isExpected = EXPECTED[resource.type];
  if (!isExpected || resource.action === 'delete') return [resource];
  const changes = resource.changes.filter((change) => !isExpected(change, environment));
  return changes.length > 0 ? [{ ...resource, changes }] : [];
}

/** What is left of a drift without what Terraform's state has not heard of and yet is as it should be. */
export function withoutExpected(drift: Drift, environment: Environment): Drift {
  const resources = drift.resources.flatMap((resource) => unexpected(resource, environment));
  return { drifted: resources.length > 0, resources };
}
