import { type Static, type TSchema, Type } from 'typebox';
import type { Context } from '../../../context.ts';
import { armGet, armPost, deletedVaults, providerList, storageUsage } from '../../../tools/az.ts';
import type { Environment } from '../environment.ts';
import { askForAccount } from './account.ts';

const Text = Type.String();
const MaybeText = Type.Optional(Type.Union([Text, Type.Null()]));

const Subscription = Type.Object({ subscriptionId: Text, displayName: Text, state: Text });

const Provider = Type.Object({
  namespace: Text,
  state: Text,
  types: Type.Array(Type.Object({ type: Text, locations: Type.Array(Text) })),
});
export type Provider = Static<typeof Provider>;

const Location = Type.Object({
  name: Text,
  displayName: Text,
  metadata: Type.Optional(
    Type.Object({
      regionType: MaybeText,
      pairedRegion: Type.Optional(Type.Union([Type.Array(Type.Object({ name: Text })), Type.Null()])),
    }),
  ),
  /** Not there for regions without zones. */
  availabilityZoneMappings: Type.Optional(Type.Union([Type.Array(Type.Unknown()), Type.Null()])),
});
export type Location = Static<typeof Location>;

const RoleAssignment = Type.Object({
  properties: Type.Object({ roleDefinitionId: Text, scope: Text, condition: MaybeText }),
});
export type RoleAssignment = Static<typeof RoleAssignment>;

const RoleDefinition = Type.Object({
  id: Text,
  name: Text,
  properties: Type.Object({
    permissions: Type.Array(Type.Object({ actions: Type.Array(Text), notActions: Type.Optional(Type.Array(Text)) })),
  }),
});
export type RoleDefinition = Static<typeof RoleDefinition>;

const Resource = Type.Object({ id: Text, name: Text, type: Text, location: MaybeText });
export type Resource = Static<typeof Resource>;

const DeletedVault = Type.Object({
  name: Text,
  properties: Type.Object({
    vaultId: Text,
    location: Text,
    scheduledPurgeDate: MaybeText,
    purgeProtectionEnabled: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  }),
});
export type DeletedVault = Static<typeof DeletedVault>;

const NameAnswer = Type.Object({ nameAvailable: Type.Boolean(), reason: MaybeText, message: MaybeText });
export type NameAnswer = Static<typeof NameAnswer>;

const Usage = Type.Object({ currentValue: Type.Integer(), limit: Type.Integer() });

/** The types whose names or numbers matter. */
export const NAMESPACES = 'Microsoft.EventHub/namespaces';
export const STORAGE_ACCOUNTS = 'Microsoft.Storage/storageAccounts';
export const VAULTS = 'Microsoft.KeyVault/vaults';
const TYPES = [NAMESPACES, STORAGE_ACCOUNTS, VAULTS];

/** Pages of a list that are read; a page holds up to 1,000. */
const PAGES = 20;

/** Asks once, however many want to know. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/**
 * What Azure says about a subscription. Each fact is one call of az, about a second long; it is made when a check first
 * wants it, and never twice.
 */
export function gatherFacts(environment: Environment, context: Context) {
  const { cloud, signal } = context;
  const id = environment.subscriptionId;
  const root = `/subscriptions/${id}`;
  const az = <S extends TSchema>(args: readonly string[], schema: S) => cloud.az(args, schema, signal);

  async function listAll<S extends TSchema>(path: string, parameters: Record<string, string>, item: S) {
    const Page = Type.Object({ value: Type.Array(item), nextLink: MaybeText });
    const found: Static<S>[] = [];
    let call = armGet(path, parameters);
    for (let page = 0; page < PAGES; page++) {
      const { value, nextLink } = await az(call, Page);
      found.push(...value);
      if (!nextLink) break;
      call = armGet(nextLink);
    }
    return found;
  }

  const identity = once(() => askForAccount(context, id));
  const filter = TYPES.map((type) => `resourceType eq '${type}'`).join(' or ');
  const roles = `${root}/providers/Microsoft.Authorization`;

  return {
    account: async () => (await identity()).account,
    endpoints: async () => (await identity()).endpoints,
    /** As it is now: the account of az remembers the state of the day of the login. */
    subscription: once(() => az(armGet(root, { 'api-version': '2022-12-01' }), Subscription)),
    providers: once(() => az(providerList(id, ['namespaces', 'storageAccounts', 'vaults']), Type.Array(Provider))),
    locations: once(() => listAll(`${root}/locations`, { 'api-version': '2022-12-01' }, Location)),
    /** Of the caller and of the groups it is in, at, above and below the subscription. */
    roleAssignments: once(async () => {
      const { account } = await identity();
      const parameters = { 'api-version': '2022-04-01', $filter: `assignedTo('${account.objectId}')` };
      return listAll(`${roles}/roleAssignments`, parameters, RoleAssignment);
    }),
    customRoles: once(() => {
      const parameters = { 'api-version': '2022-04-01', $filter: "type eq 'CustomRole'" };
      return listAll(`${roles}/roleDefinitions`, parameters, RoleDefinition);
    }),
    /** Namespaces, storage accounts and vaults of the subscription. */
    resources: once(() => listAll(`${root}/resources`, { 'api-version': '2021-04-01', $filter: filter }, Resource)),
    storageUsage: once(() => az(storageUsage(id, environment.region), Usage)),
    deletedVaults: once(() => az(deletedVaults(id), Type.Array(DeletedVault))),
    storageName: (name: string) =>
      az(
        armPost(`${root}/providers/Microsoft.Storage/checkNameAvailability`, '2023-01-01', {
          name,
          type: STORAGE_ACCOUNTS,
        }),
        NameAnswer,
      ),
    vaultName: (name: string) =>
      az(
        armPost(`${root}/providers/Microsoft.KeyVault/checkNameAvailability`, '2022-07-01', { name, type: VAULTS }),
        NameAnswer,
      ),
    namespaceName: async (name: string) => (await cloud.management(id, environment.tenantId)).namespaceNameFree(name),
  };
}
export type Facts = ReturnType<typeof gatherFacts>;
