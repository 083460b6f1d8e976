import type { Account } from './account.ts';
import { type Check, type CheckInput, failed, ok, type Verdict, warning } from './check.ts';
import type { RoleAssignment, RoleDefinition } from './facts.ts';

/** Built-in roles by the last part of their id, the same in every tenant (Azure's list of built-in roles). */
const ROLES = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  rbacAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  locksContributor: '28bf596f-4eb7-45ce-b5bc-6cf482fec137',
} as const;

interface Right {
  /** The operation that stands for it. */
  action: string;
  roles: readonly string[];
  missing: string;
  next: readonly string[];
}

const MAKE: Right = {
  action: 'Microsoft.EventHub/namespaces/write',
  roles: [ROLES.owner, ROLES.contributor],
  missing: 'may not make resources: neither Owner nor Contributor',
  next: ['Ask an owner of the subscription for Contributor.'],
};

const ASSIGN: Right = {
  action: 'Microsoft.Authorization/roleAssignments/write',
  roles: [ROLES.owner, ROLES.userAccessAdministrator, ROLES.rbacAdministrator],
  missing:
    'may not assign roles: neither Owner, nor User Access Administrator, nor Role Based Access Control Administrator',
  next: [
    'Ask an owner of the subscription for Role Based Access Control Administrator.',
    'A role that has to be activated (Privileged Identity Management) counts once it is.',
  ],
};

/** The archive's account is protected by a lock, which neither Contributor nor an administrator of roles may set. */
const PROTECT: Right = {
  action: 'Microsoft.Authorization/locks/write',
  roles: [ROLES.owner, ROLES.userAccessAdministrator, ROLES.locksContributor],
  missing: 'may not set locks: neither Owner, nor User Access Administrator, nor Locks Contributor',
  next: ['Ask an owner of the subscription for Locks Contributor.'],
};

const roleIdOf = ({ properties }: RoleAssignment) => properties.roleDefinitionId.split('/').at(-1)!.toLowerCase();

/** An action with asterisks, as role definitions write them. */
function covers(pattern: string, action: string): boolean {
  const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${literal}$`, 'i').test(action);
}

/** Whether a role of somebody's own making holds an action. */
export function grants(role: RoleDefinition, action: string): boolean {
  return role.properties.permissions.some(
    ({ actions, notActions = [] }) =>
      actions.some((pattern) => covers(pattern, action)) && !notActions.some((pattern) => covers(pattern, action)),
  );
}

/** At or above the resource group: a management group, the subscription, the group itself. */
function reaches({ properties: { scope } }: RoleAssignment, subscriptionId: string, group: string): boolean {
  const at = scope.toLowerCase().replace(/\/$/, '');
  const root = `/subscriptions/${subscriptionId}`.toLowerCase();
  if (at === '' || at.startsWith('/providers/microsoft.management/')) return true;
  return at === root || at === `${root}/resourcegroups/${group.toLowerCase()}`;
}

function judge(right: Right, able: readonly RoleAssignment[], account: Account, group: string): Verdict {
  if (able.length === 0) return failed(`${account.userName} ${right.missing}`, ...right.next);
  const free = able.filter(({ properties }) => !properties.condition);
  if (free.length === 0) {
    return warning('the right comes with a condition; whether it allows what is needed here cannot be told');
  }
  const onlyGroup = free.every(({ properties }) => /\/resourcegroups\//i.test(properties.scope));
  return onlyGroup
    ? warning(`the right reaches the resource group ${group} alone, and making it is done outside of it`)
    : ok('inherited or at the subscription');
}

async function check(right: Right, { facts, environment }: CheckInput): Promise<Verdict> {
  const { subscriptionId, names } = environment;
  const [account, all] = await Promise.all([facts.account(), facts.roleAssignments()]);
  const reaching = all.filter((one) => reaches(one, subscriptionId, names.resourceGroup));
  const able = reaching.filter((one) => right.roles.includes(roleIdOf(one)));
  const builtIn: string[] = Object.values(ROLES);
  const others = reaching.filter((one) => !builtIn.includes(roleIdOf(one)));
  if (able.length === 0 && others.length > 0) {
    const custom = (await facts.customRoles()).filter((role) => grants(role, right.action));
    able.push(...others.filter((one) => custom.some(({ name }) => name.toLowerCase() === roleIdOf(one))));
  }
  return judge(right, able, account, names.resourceGroup);
}

/** What the caller may do. */
export const RIGHTS_CHECKS: readonly Check[] = [
  { name: 'right to make resources', needs: ['subscription'], run: (input) => check(MAKE, input) },
  { name: 'right to assign roles', needs: ['subscription'], run: (input) => check(ASSIGN, input) },
  { name: 'right to set locks', needs: ['subscription'], run: (input) => check(PROTECT, input) },
];
