import { type Static, type TSchema, Type } from 'typebox';
import { AzFailed } from '../../adapters/azure/cloud.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { armGet } from '../../tools/az.ts';
import * as calls from '../../tools/az-state.ts';
import { explained, isMissing } from './azure-error.ts';
import type { Environment } from './environment.ts';
import { type Patience, poll } from './poll.ts';
import type { Account } from './preflight/account.ts';

/** A role reaches the data within five minutes, rarely ten (Microsoft: "Troubleshoot Azure RBAC"). */
const PATIENCE: Patience = { deadlineMs: 10 * 60_000, everyMs: 5_000 };

const STORAGE_API = { 'api-version': '2023-01-01' };
const GROUP_API = { 'api-version': '2021-04-01' };

const Flag = Type.Optional(Type.Union([Type.Boolean(), Type.Null()]));
const Retention = Type.Optional(Type.Union([Type.Object({ enabled: Flag }), Type.Null()]));

const Group = Type.Object({ location: Type.String() });

const StorageAccount = Type.Object({
  properties: Type.Object({
    minimumTlsVersion: Type.Optional(Type.String()),
    supportsHttpsTrafficOnly: Flag,
    allowSharedKeyAccess: Flag,
    allowBlobPublicAccess: Flag,
  }),
});

const BlobService = Type.Object({
  properties: Type.Object({
    isVersioningEnabled: Flag,
    deleteRetentionPolicy: Retention,
    containerDeleteRetentionPolicy: Retention,
  }),
});

const Exists = Type.Object({ exists: Type.Boolean() });

export interface BootstrapOptions {
  patience?: Patience;
  /** Told what is being made or waited for. */
  report?: (detail: string) => void;
}

type AzureState = Extract<Environment['state'], { kind: 'azure' }>;

const placeOf = ({ subscriptionId }: Environment, state: AzureState): calls.StatePlace => ({
  subscription: subscriptionId,
  group: state.resourceGroup,
  account: state.account,
  container: state.container,
});

/** What is there already, of a run that came to its end or of one that did not. */
async function survey(place: calls.StatePlace, { cloud, signal }: Context) {
  async function find<S extends TSchema>(path: string, api: Record<string, string>, schema: S) {
    try {
      return (await cloud.az(armGet(path, api), schema, signal)) as Static<S>;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
  const account = calls.accountPath(place);
  const [group, storage, blobs, container] = await Promise.all([
    find(`/subscriptions/${place.subscription}/resourceGroups/${place.group}`, GROUP_API, Group),
    find(account, STORAGE_API, StorageAccount),
    find(`${account}/blobServices/default`, STORAGE_API, BlobService),
    find(`${account}/blobServices/default/containers/${place.container}`, STORAGE_API, Type.Object({})),
  ]);
  return { group, storage, blobs, container };
}
type Survey = Awaited<ReturnType<typeof survey>>;

function isHardened({ properties }: NonNullable<Survey['storage']>): boolean {
  const { minimumTlsVersion, supportsHttpsTrafficOnly, allowSharedKeyAccess, allowBlobPublicAccess } = properties;
  const encrypted = /^TLS1_[23]$/.test(minimumTlsVersion ?? '') && supportsHttpsTrafficOnly !== false;
  return encrypted && allowSharedKeyAccess === false && allowBlobPublicAccess === false;
}

const isProtected = ({ properties }: NonNullable<Survey['blobs']>): boolean =>
  properties.isVersioningEnabled === true &&
  properties.deleteRetentionPolicy?.enabled === true &&
  properties.containerDeleteRetentionPolicy?.enabled === true;

/** One thing that has to be made or put right. */
interface Task {
  title: string;
  args: readonly string[];
}

/** What is missing, in the order in which it can be made. */
function tasksFor(place: calls.StatePlace, there: Survey, region: string): Task[] {
  const { group, storage, blobs, container } = there;
  const location = group?.location ?? region;
  const account = `storage account ${place.account}`;
  const tasks: (Task | false | undefined)[] = [
    !group && { title: `resource group ${place.group}`, args: calls.createGroup(place, location) },
    !storage && { title: account, args: calls.createAccount(place, location) },
    storage && !isHardened(storage) && { title: `settings of ${account}`, args: calls.hardenAccount(place) },
    !(blobs && isProtected(blobs)) && { title: `versions kept in ${place.account}`, args: calls.protectBlobs(place) },
    !container && { title: `container ${place.container}`, args: calls.createContainer(place) },
  ];
  return tasks.filter((task) => task !== false && task !== undefined);
}

const needsRole = (error: unknown) => error instanceof AzFailed && error.code === 'AuthorizationPermissionMismatch';

/** Reads the state's file as Terraform is going to. @returns undefined where the role for it is missing. */
async function readState(place: calls.StatePlace, key: string, { cloud, signal }: Context) {
  try {
    return await cloud.az(calls.stateExists(place, key), Exists, signal);
  } catch (error) {
    if (needsRole(error)) return undefined;
    throw error;
  }
}

/** Gives the caller the role on the data; somebody may have done so a moment ago. */
async function allow(place: calls.StatePlace, account: Account, { cloud, signal }: Context): Promise<void> {
  try {
    await cloud.az(calls.allowBlobs(place, account.objectId, account.userType), Type.Unknown(), signal);
  } catch (error) {
    if (!(error instanceof AzFailed && error.code === 'RoleAssignmentExists')) throw error;
  }
}

/** Sees to it that the caller may read and write the state's file. @returns whether a role was needed. */
async function openState(
  place: calls.StatePlace,
  key: string,
  account: Account,
  context: Context,
  { patience = PATIENCE, report = () => {} }: BootstrapOptions,
): Promise<boolean> {
  if (await readState(place, key, context)) return false;
  report(`role on ${place.account}`);
  await allow(place, account, context);
  const opened = await poll(
    () => readState(place, key, context),
    patience,
    context.signal,
    (waited) => report(`waiting for the role to take effect (${Math.round(waited / 1000)} s)`),
  );
  if (opened) return true;
  throw new OmsError('azure_failed', `the role on ${place.account} has not taken effect`, {
    why: `${account.userName} still may not read its blobs after ${patience.deadlineMs / 60_000} minutes`,
    next: ['Run oms provision again in a few minutes.'],
  });
}

/**
 * Sees to it that Terraform's state has its place: resource group, storage account without shared keys, versions kept,
 * container, and the caller's role on the data, which is waited for. What is there is left as it is, so that a run that
 * was cut off is continued, and a second one changes nothing.
 * @returns what was made, in words; nothing with a local state.
 * @throws {OmsError} azure_failed.
 */
export async function bootstrapState(
  environment: Environment,
  account: Account,
  context: Context,
  options: BootstrapOptions = {},
): Promise<string[]> {
  const { state } = environment;
  if (state.kind === 'local') return [];
  const place = placeOf(environment, state);
  const made: string[] = [];
  const { cloud, signal } = context;
  await explained(`the place of the state (${place.account}) could not be made`, async () => {
    for (const { title, args } of tasksFor(place, await survey(place, context), environment.region)) {
      options.report?.(title);
      await cloud.az(args, Type.Unknown(), signal);
      made.push(title);
    }
    if (await openState(place, state.key, account, context, options)) made.push(`role on ${place.account}`);
  });
  return made;
}

/**
 * Whether a plan can be made against the environment's own state, without changing anything.
 * @returns "none" where its place has not been made, "denied" where the caller may not read it.
 */
export async function findState(environment: Environment, context: Context): Promise<'there' | 'none' | 'denied'> {
  const { state } = environment;
  if (state.kind === 'local') return 'there';
  const place = placeOf(environment, state);
  return explained(`the state in ${place.account} could not be looked for`, async () => {
    const { container } = await survey(place, context);
    if (!container) return 'none';
    return (await readState(place, state.key, context)) ? 'there' : 'denied';
  });
}
