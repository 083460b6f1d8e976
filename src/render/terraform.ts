import type { Environment, EnvironmentPaths } from '../stages/provision/environment.ts';
import { ARCHIVE_CONTAINER, ARCHIVE_DAYS, FILE_CONTAINERS, HUBS, VAULT_SECRETS } from '../stages/provision/topology.ts';

/** What the variables of the template say beside the environment. */
export interface Occasion {
  /** Where a budget begins, see {@link firstOfMonth}. */
  firstOfMonth: string;
  /** Of whom Terraform runs as; without it the template asks Azure. */
  deployerObjectId?: string | undefined;
}

/** "2026-11-01T00:00:00Z" of any moment in that month, in UTC. */
export const firstOfMonth = (moment: Date): string => `${moment.toISOString().slice(0, 7)}-01T00:00:00Z`;

/** The cloud a region belongs to, as the azurerm provider calls it. */
function cloudOf(region: string): 'public' | 'usgovernment' | 'china' {
  if (region.startsWith('usgov') || region.startsWith('usdod')) return 'usgovernment';
  return region.startsWith('china') ? 'china' : 'public';
}

const namesOf = ({ names }: Environment) => ({
  resource_group: names.resourceGroup,
  namespace: names.namespace,
  archive_account: names.archiveAccount,
  files_account: names.filesAccount,
  key_vault: names.keyVault,
  log_workspace: names.logWorkspace,
  capture_identity: names.captureIdentity,
});

const hubsOf = ({ capacity }: Environment) =>
  Object.fromEntries(
    HUBS.map(({ name, partitions, retentionHours, capture, consumerGroups }) => [
      name,
      {
        partitions: partitions === 'sized' ? capacity.partitions : partitions,
        retention_hours: retentionHours,
        capture,
        consumer_groups: consumerGroups,
      },
    ]),
  );

/**
 * The values of templates/terraform/variables.tf, for `oms.auto.tfvars.json`. Secrets are not among them: they reach
 * Terraform in its environment alone.
 */
export const terraformVariables = (environment: Environment, occasion: Occasion) => ({
  subscription_id: environment.subscriptionId,
  environment: environment.name,
  cloud: cloudOf(environment.region),
  location: environment.region,
  secondary_location: environment.secondaryRegion,
  names: namesOf(environment),
  capacity: {
    sku: environment.capacity.sku,
    units: environment.capacity.units,
    maximum_units: environment.capacity.maximumUnits,
  },
  hubs: hubsOf(environment),
  capture_interval_seconds: environment.captureIntervalSeconds,
  archive: {
    container: ARCHIVE_CONTAINER,
    retention_days: ARCHIVE_DAYS,
    locked: environment.archiveLocked,
    redundancy: environment.archiveRedundancy,
  },
  file_containers: FILE_CONTAINERS,
  allowed_ranges: environment.allowedRanges,
  private_endpoint_subnet_id: environment.privateEndpointSubnetId,
  customer_managed_key: environment.customerManagedKey,
  alert_emails: environment.alertEmails,
  budget:
    environment.monthlyBudget === null
      ? null
      : { amount: environment.monthlyBudget, start_date: occasion.firstOfMonth },
  ...(occasion.deployerObjectId !== undefined && { deployer_object_id: occasion.deployerObjectId }),
  application_object_id: environment.applicationObjectId,
  shared_access_keys: environment.sasFallback,
  secret_names: VAULT_SECRETS,
});

/**
 * Where Terraform keeps the state, as `backend.tf.json`: a blob reached by Entra ID without any key, or a file beside
 * the working folder.
 */
export function backendFile(environment: Environment, paths: EnvironmentPaths) {
  const { state, subscriptionId, tenantId, region } = environment;
  if (state.kind === 'local') return { terraform: { backend: { local: { path: paths.localState } } } };
  const azurerm = {
    subscription_id: subscriptionId,
    tenant_id: tenantId,
    resource_group_name: state.resourceGroup,
    storage_account_name: state.account,
    container_name: state.container,
    key: state.key,
    use_azuread_auth: true,
    environment: cloudOf(region),
  };
  return { terraform: { backend: { azurerm } } };
}
