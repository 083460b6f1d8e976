import { createHash } from 'node:crypto';
import { uuidFromBytes } from '../../lib/domain/ids.ts';
import { armPut } from './az.ts';

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

/**
 * The role on the data, as Azure Resource Manager takes it: Debian's az 2.45 ends every `az role` in a traceback, because
 * the library it is packaged with is too new for it. The same caller and account give the same id, so that asking again
 * changes nothing.
 */
export const allowBlobs = (place: StatePlace, objectId: string, type: string) => {
  const scope = accountPath(place);
  const digest = createHash('sha256').update(`${scope.toLowerCase()} ${objectId} ${BLOB_CONTRIBUTOR}`).digest();
  const role = `/subscriptions/${place.subscription}/providers/Microsoft.Authorization/roleDefinitions/${BLOB_CONTRIBUTOR}`;
  return armPut(`${scope}/providers/Microsoft.Authorization/roleAssignments/${uuidFromBytes(digest)}`, '2022-04-01', {
    properties: { roleDefinitionId: role, principalId: objectId, principalType: type },
  });
};

/** Reads the data as Terraform is going to: with the caller's own login. */
export const stateExists = (place: StatePlace, key: string) => [
  ...['storage', 'blob', 'exists', '--account-name', place.account, '--container-name', place.container],
  ...['--name', key, '--auth-mode', 'login'],
  ...inSubscription(place),
];
