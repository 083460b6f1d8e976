/** What the state's storage account is made of, as calls of az. */
export interface StatePlace {
  subscription: string;
  group: string;
  account: string;
  container: string;
}

/** Days in which an overwritten or deleted state, or its container, can be fetched back. */
export const STATE_RETENTION_DAYS = 30;

/** Storage Blob Data Contributor, the same id in every tenant. */
export const BLOB_CONTRIBUTOR = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';

const TAGS = ['--tags', 'managed-by=oms', 'purpose=terraform-state'];

const inSubscription = ({ subscription }: StatePlace) => ['--subscription', subscription];
const ofAccount = (place: StatePlace) => ['--account-name', place.account, '--resource-group', place.group];

export const accountPath = ({ subscription, group, account }: StatePlace) =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${account}`;

export const createGroup = (place: StatePlace, location: string) => [
  'group',
  'create',
  '--name',
  place.group,
  '--location',
  location,
  ...TAGS,
  ...inSubscription(place),
];

/** No shared keys, so that Entra ID decides about every access; nothing public; TLS 1.2 at least. */
const HARDENED = [
  '--min-tls-version',
  'TLS1_2',
  '--https-only',
  'true',
  '--allow-shared-key-access',
  'false',
  '--allow-blob-public-access',
  'false',
  '--allow-cross-tenant-replication',
  'false',
];

/** Copied to the paired region: a lost state is hours of importing by hand. */
export const createAccount = (place: StatePlace, location: string) => [
  ...['storage', 'account', 'create', '--name', place.account, '--resource-group', place.group],
  ...['--location', location, '--kind', 'StorageV2', '--sku', 'Standard_GRS'],
  ...HARDENED,
  ...TAGS,
  ...inSubscription(place),
];

export const hardenAccount = (place: StatePlace) => [
  ...['storage', 'account', 'update', '--name', place.account, '--resource-group', place.group],
  ...HARDENED,
  ...inSubscription(place),
];

/** Every version of the state is kept for a while, deleted or not. */
export const protectBlobs = (place: StatePlace) => [
  ...['storage', 'account', 'blob-service-properties', 'update'],
  ...ofAccount(place),
  ...['--enable-versioning', 'true'],
  ...['--enable-delete-retention', 'true', '--delete-retention-days', String(STATE_RETENTION_DAYS)],
  ...['--enable-container-delete-retention', 'true', '--container-delete-retention-days', String(STATE_RETENTION_DAYS)],
  ...inSubscription(place),
];

/** Through Resource Manager, which needs no role on the data. */
export const createContainer = (place: StatePlace) => [
  ...['storage', 'container-rm', 'create', '--name', place.container],
  ...['--storage-account', place.account, '--resource-group', place.group],
  ...inSubscription(place),
];

/** Named by object id and type, az looks nothing up in Microsoft Graph. */
export const allowBlobs = (place: StatePlace, objectId: string, type: string) => [
  ...['role', 'assignment', 'create', '--role', BLOB_CONTRIBUTOR],
  ...['--assignee-object-id', objectId, '--assignee-principal-type', type],
  ...['--scope', accountPath(place)],
  ...inSubscription(place),
];

/** Reads the data as Terraform is going to: with the caller's own login. */
export const stateExists = (place: StatePlace, key: string) => [
  ...['storage', 'blob', 'exists', '--account-name', place.account, '--container-name', place.container],
  ...['--name', key, '--auth-mode', 'login'],
  ...inSubscription(place),
];
