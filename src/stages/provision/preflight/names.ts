import { type Check, type CheckInput, failed, ok, type Verdict, warning, worst } from './check.ts';
import { type DeletedVault, NAMESPACES, type NameAnswer, type Resource, STORAGE_ACCOUNTS, VAULTS } from './facts.ts';

/** Another environment's name makes other names. */
const RENAME = 'oms provision --env ANOTHER-NAME';

const groupOf = ({ id }: Pick<Resource, 'id'>) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/**
 * What the subscription itself has to say about a name.
 * @returns undefined when nothing there is called so.
 */
async function ours({ facts }: CheckInput, type: string, name: string, group: string): Promise<Verdict | undefined> {
  const found = (await facts.resources()).find((one) => same(one.type, type) && same(one.name, name));
  if (!found) return undefined;
  if (same(groupOf(found), group)) return ok(`${name} is already ours`);
  return failed(`${name} is taken by the resource group ${groupOf(found)} of this subscription`, RENAME);
}

const taken = (
  name: string,
  { message, reason }: { message?: string | null | undefined; reason?: string | null | undefined },
) => failed(`${name} cannot be had: ${message ?? reason ?? 'Azure does not say why'}`, RENAME);

const judge = (name: string, answer: NameAnswer) =>
  answer.nameAvailable ? ok(`${name} is free`) : taken(name, answer);

async function namespaceName(input: CheckInput): Promise<Verdict> {
  const { resourceGroup, namespace } = input.environment.names;
  const own = await ours(input, NAMESPACES, namespace, resourceGroup);
  if (own) return own;
  const { free, reason } = await input.facts.namespaceName(namespace);
  return free ? ok(`${namespace} is free`) : taken(namespace, { reason });
}

/** Storage accounts by the resource group they are to be in. */
function accountsOf({ environment: { names, state } }: CheckInput): { name: string; group: string }[] {
  return [
    { name: names.archiveAccount, group: names.resourceGroup },
    { name: names.filesAccount, group: names.resourceGroup },
    ...(state.kind === 'azure' ? [{ name: state.account, group: state.resourceGroup }] : []),
  ];
}

async function storageNames(input: CheckInput): Promise<Verdict> {
  const verdicts = accountsOf(input).map(
    async ({ name, group }) =>
      (await ours(input, STORAGE_ACCOUNTS, name, group)) ?? judge(name, await input.facts.storageName(name)),
  );
  return worst(await Promise.all(verdicts));
}

/** A deleted vault keeps its name; one of the same group and region is brought back by Terraform's provider. */
function judgeDeleted({ environment }: CheckInput, { name, properties }: DeletedVault): Verdict {
  const { location, vaultId, scheduledPurgeDate, purgeProtectionEnabled } = properties;
  const until = scheduledPurgeDate ? ` until ${scheduledPurgeDate.slice(0, 10)}` : '';
  const here = same(location.replaceAll(' ', ''), environment.region);
  if (here && same(groupOf({ id: vaultId }), environment.names.resourceGroup)) {
    return warning(`the deleted vault ${name} is brought back, with the secrets it had`);
  }
  const recover = `az keyvault recover --name ${name}`;
  const detail = `a deleted vault of the resource group ${groupOf({ id: vaultId })} in ${location} keeps the name ${name}${until}`;
  return purgeProtectionEnabled
    ? failed(`${detail}, and cannot be purged before`, recover, RENAME)
    : failed(detail, `az keyvault purge --name ${name} --location ${location}`, recover, RENAME);
}

async function vaultName(input: CheckInput): Promise<Verdict> {
  const { resourceGroup, keyVault } = input.environment.names;
  const own = await ours(input, VAULTS, keyVault, resourceGroup);
  if (own) return own;
  const [deleted, answer] = await Promise.all([input.facts.deletedVaults(), input.facts.vaultName(keyVault)]);
  const remains = deleted.find(({ name }) => same(name, keyVault));
  return remains ? judgeDeleted(input, remains) : judge(keyVault, answer);
}

/** Names that are unique in all of Azure. */
export const NAME_CHECKS: readonly Check[] = [
  { name: 'namespace name', needs: ['subscription'], run: namespaceName },
  { name: 'storage account names', needs: ['subscription'], run: storageNames },
  { name: 'key vault name', needs: ['subscription'], run: vaultName },
];
