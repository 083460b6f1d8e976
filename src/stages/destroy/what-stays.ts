import { type Static, Type } from 'typebox';
import type { Environment } from '../provision/environment.ts';

/** Something a destroy leaves behind, why, and what can be done about it. */
export const Remainder = Type.Object({
  what: Type.String(),
  why: Type.String(),
  how: Type.Union([Type.String(), Type.Null()], { description: 'a command; null where nothing can be done' }),
});
export type Remainder = Static<typeof Remainder>;

/**
 * What of the archive holds its files, and what keeps them as they are: it stays, with the deployer's right to read it.
 * The rest of the module leans on what goes (Capture's identity, the log workspace), so Terraform takes it along.
 */
const HOLDS_FILES =
  /^module\.archive\.azurerm_(?:storage_(?:account|container|container_immutability_policy|management_policy)|role_assignment\.deployer)\b/;

/** The group cannot go while something in it stays. */
const GROUP = 'azurerm_resource_group.';

/** Addresses of the state that stay when the archive does: itself, the group it lies in, and what is only read. */
export const staysWithArchive = (address: string): boolean =>
  HOLDS_FILES.test(address) || address.startsWith(GROUP) || /(?:^|\.)data\./.test(address);

const archiveRemainder = ({ name, names, archiveLocked }: Environment): Remainder => ({
  what: `archive account ${names.archiveAccount} and resource group ${names.resourceGroup}`,
  why: archiveLocked
    ? 'its policy is locked: nobody can delete it before its last file is ten years old'
    : 'it was to be kept (--keep-archive)',
  how: archiveLocked ? null : `oms destroy --env ${name}`,
});

/** What is still there after a destroy, for it says so rather than leave it to be found on a bill. */
export function remainders(environment: Environment, keptArchive: boolean, hadVault: boolean): Remainder[] {
  const { names, state } = environment;
  return [
    ...(keptArchive ? [archiveRemainder(environment)] : []),
    ...(hadVault
      ? [
          {
            what: `name of the key vault ${names.keyVault}`,
            why: 'deleted vaults are kept for 90 days: the same environment in the same region brings it back, for all else its name is taken',
            how: null,
          },
        ]
      : []),
    ...(state.kind === 'azure'
      ? [
          {
            what: `Terraform's state in ${state.account}/${state.container}/${state.key}`,
            why: 'it is the record of what was there, and its account may hold the states of other environments',
            how: `az storage blob delete --auth-mode login --account-name ${state.account} --container-name ${state.container} --name ${state.key}`,
          },
        ]
      : []),
  ];
}
