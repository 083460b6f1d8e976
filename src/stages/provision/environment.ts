import { join } from 'node:path';
import { type Static, Type } from 'typebox';

const Text = Type.String({ minLength: 1 });
const Id = Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' });
const Count = Type.Integer({ minimum: 0 });

/** What everything of one environment is called; all of them are legal and, where Azure asks for it, unique. */
export const ResourceNames = Type.Object({
  resourceGroup: Text,
  namespace: Text,
  archiveAccount: Text,
  filesAccount: Text,
  keyVault: Text,
  logWorkspace: Text,
  captureIdentity: Text,
  application: Text,
});
export type ResourceNames = Static<typeof ResourceNames>;

/** What the namespace is sized for. */
export const Workload = Type.Object({
  /** Orders a second at the peak. */
  rate: Type.Integer({ minimum: 1 }),
  /** Mean bytes of one event. */
  eventBytes: Type.Integer({ minimum: 1 }),
  /** Events an order becomes in its life; 1 sizes for the placed orders alone. */
  eventsPerOrder: Type.Integer({ minimum: 1 }),
  /** Consumer groups that each read everything. */
  consumers: Type.Integer({ minimum: 1 }),
});
export type Workload = Static<typeof Workload>;

/** Of the namespace: throughput units of Standard, processing units of Premium. */
export const Capacity = Type.Object({
  sku: Type.Union([Type.Literal('Standard'), Type.Literal('Premium')]),
  units: Type.Integer({ minimum: 1 }),
  /** Auto-inflate stops here; 0 means it is off (always so on Premium). */
  maximumUnits: Count,
  /** Of the hubs `orders` and `order-events`. */
  partitions: Type.Integer({ minimum: 1 }),
});
export type Capacity = Static<typeof Capacity>;

/** Where Terraform keeps its state. */
export const StateStore = Type.Union([
  Type.Object({ kind: Type.Literal('azure'), resourceGroup: Text, account: Text, container: Text, key: Text }),
  Type.Object({ kind: Type.Literal('local') }),
]);
export type StateStore = Static<typeof StateStore>;

/**
 * What an environment is made of, as it was answered once; kept in `.oms/<name>/environment.json`. No secret is in it.
 */
export const Environment = Type.Object({
  version: Type.Literal(1),
  name: Text,
  subscriptionId: Id,
  tenantId: Id,
  region: Text,
  /** A second region makes a geo-DR pair. */
  secondaryRegion: Type.Union([Text, Type.Null()]),
  workload: Workload,
  capacity: Capacity,
  names: ResourceNames,
  captureIntervalSeconds: Type.Integer({ minimum: 60, maximum: 900 }),
  /** Archive tier needs RAGRS; RAGZRS stops at Cold. */
  archiveRedundancy: Type.Union([Type.Literal('RAGRS'), Type.Literal('RAGZRS')]),
  archiveLocked: Type.Boolean(),
  /** CIDR ranges that may reach the namespace, the accounts and the vault. */
  allowedRanges: Type.Array(Text),
  privateEndpointSubnetId: Type.Union([Text, Type.Null()]),
  customerManagedKey: Type.Boolean(),
  alertEmails: Type.Array(Text),
  /** Of the resource group, in the subscription's currency; null sets none. */
  monthlyBudget: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()]),
  /** Of the service principal the apps on-prem sign in with. */
  applicationObjectId: Type.Union([Id, Type.Null()]),
  /** Shared access keys per hub, where Entra ID is out of reach. */
  sasFallback: Type.Boolean(),
  state: StateStore,
});
export type Environment = Static<typeof Environment>;

/** Where the files of one environment are. */
export function environmentPaths(dir: string, name: string) {
  const folder = join(dir, name);
  const terraform = join(folder, 'terraform');
  return {
    folder,
    /** {@link Environment} */
    environment: join(folder, 'environment.json'),
    /** {@link Outputs} */
    outputs: join(folder, 'outputs.json'),
    /** Working copy of templates/terraform, with the data files beside it. */
    terraform,
    variables: join(terraform, 'oms.auto.tfvars.json'),
    backend: join(terraform, 'backend.tf.json'),
    plan: join(terraform, 'oms.tfplan'),
    /** With --state local. */
    localState: join(folder, 'terraform.tfstate'),
    lock: join(folder, 'provision.lock'),
    runs: join(folder, 'runs'),
  };
}
export type EnvironmentPaths = ReturnType<typeof environmentPaths>;
