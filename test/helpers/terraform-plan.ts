import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanJson, ResourceChange } from '../../src/tools/terraform-messages.ts';

type Change = ResourceChange['change'];

/** A resource of a plan; whatever is not given is as Terraform writes it for a resource at the root. */
export function planned(
  type: string,
  actions: Change['actions'],
  change: Partial<Change> & { before?: unknown; after?: unknown } = {},
  resource: Partial<Omit<ResourceChange, 'change'>> = {},
): ResourceChange {
  const name = resource.name ?? 'this';
  const index = resource.index === undefined ? '' : `[${JSON.stringify(resource.index)}]`;
  const module = resource.module_address ? `${resource.module_address}.` : '';
  return {
    address: `${module}${type}.${name}${index}`,
    mode: 'managed',
    type,
    name,
    ...resource,
    change: {
      actions,
      before: null,
      after: null,
      after_unknown: {},
      before_sensitive: false,
      after_sensitive: false,
      ...change,
    },
  };
}

export const plan = (resources: ResourceChange[], drift?: ResourceChange[]): PlanJson => ({
  format_version: '1.2',
  terraform_version: '1.11.4',
  resource_changes: resources,
  ...(drift && { resource_drift: drift }),
});

const NAMESPACE = {
  name: 'evhns-oms-demo',
  location: 'westeurope',
  sku: 'Standard',
  capacity: 6,
  maximum_throughput_units: 12,
  local_authentication_enabled: false,
  tags: { environment: 'demo' },
};

/** The namespace as Azure has it. */
export const namespaceValues = (changed: Record<string, unknown> = {}) => ({ ...NAMESPACE, ...changed });

/** A hub with Capture as Azure has it: blocks are lists of one. */
export const hubValues = (name: string, changed: Record<string, unknown> = {}) => ({
  name,
  partition_count: 8,
  retention_description: [{ cleanup_policy: 'Delete', retention_time_in_hours: 168 }],
  capture_description: [
    { enabled: true, encoding: 'Avro', interval_in_seconds: 300, destination: [{ blob_container_name: 'archive' }] },
  ],
  ...changed,
});

/** A plan that Terraform made, from test/fixtures/terraform-plans. */
export const savedPlan = (name: 'create' | 'change' | 'masks'): PlanJson =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'terraform-plans', `${name}.json`), 'utf8'));

/** A screen without colours. */
export const screen = (width: number) => ({ width, style: (_: unknown, text: string) => text });
