import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import { type Answer, type ArmRequest, failure, type Json, ok, page, type Route } from './http.ts';
import { SUBSCRIPTION_ID } from './identities.ts';
import type { Resource } from './state.ts';

/** Azure's built-in roles that provisioning has to do with, by their published ids. */
export const ROLES = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'Role Based Access Control Administrator': 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  'Azure Event Hubs Data Owner': 'f526a384-b230-433a-b45c-95f59c4a2dec',
  'Azure Event Hubs Data Sender': '2b629674-e913-4c01-ae53-ef4638d8f975',
  'Azure Event Hubs Data Receiver': 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde',
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Key Vault Administrator': '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Key Vault Crypto Service Encryption User': 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
} as const;
export type RoleName = keyof typeof ROLES;

const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';
const ROOT = `/subscriptions/${SUBSCRIPTION_ID}`;

const definitionId = (role: RoleName) => `${ROOT}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`;

/** What the roles of the management plane allow; those of the data planes allow nothing there. */
const PERMISSIONS: Partial<Record<RoleName, Json>> = {
  Owner: { actions: ['*'], notActions: [] },
  Contributor: { actions: ['*'], notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'] },
  Reader: { actions: ['*/read'], notActions: [] },
  'User Access Administrator': { actions: ['*/read', 'Microsoft.Authorization/*'], notActions: [] },
  'Role Based Access Control Administrator': {
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
    ],
    notActions: [],
  },
};

const definition = (role: RoleName): Json => ({
  id: definitionId(role),
  name: ROLES[role],
  type: 'Microsoft.Authorization/roleDefinitions',
  properties: {
    roleName: role,
    type: 'BuiltInRole',
    description: role,
    assignableScopes: ['/'],
    permissions: [PERMISSIONS[role] ?? { actions: [], notActions: [] }],
  },
});

/** The value of `field eq 'value'` or `field('value')` in an OData filter. */
const filterValue = (filter: string, field: string) =>
  new RegExp(`${field}(?: eq |\\()'([^']*)'`, 'i').exec(filter)?.[1]?.toLowerCase();

function listDefinitions(request: ArmRequest): Answer {
  const filter = request.query.get('$filter') ?? '';
  if (filterValue(filter, 'type') === 'customrole') return page([]);
  const name = filterValue(filter, 'roleName');
  const names = (Object.keys(ROLES) as RoleName[]).filter((role) => !name || role.toLowerCase() === name);
  return page(names.map(definition));
}

function showDefinition(id = ''): Answer {
  const role = (Object.keys(ROLES) as RoleName[]).find((one) => ROLES[one] === id.toLowerCase());
  return role
    ? ok(definition(role))
    : failure(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${id}' does not exist.`);
}

const scopeOf = (assignment: Resource) => String(assignment.properties.scope).toLowerCase();

function assignmentsIn(cloud: Cloud): Resource[] {
  return Object.values(cloud.state.resources).filter((one) => one.type === ASSIGNMENTS);
}

/** A scope sees what is assigned to it and above it; below it too, unless only atScope() is asked for. */
function listAssignments(cloud: Cloud, request: ArmRequest, scope = ''): Answer {
  const filter = request.query.get('$filter') ?? '';
  const principal = filterValue(filter, 'principalId') ?? filterValue(filter, 'assignedTo');
  const asked = (scope || '/').toLowerCase();
  const isAbove = (one: string) => asked === one || asked.startsWith(one === '/' ? one : `${one}/`);
  const isBelow = (one: string) => !filter.includes('atScope') && one.startsWith(`${asked}/`);
  return page(
    assignmentsIn(cloud).filter(
      (one) =>
        (isAbove(scopeOf(one)) || isBelow(scopeOf(one))) &&
        (!principal || String(one.properties.principalId).toLowerCase() === principal),
    ),
  );
}

/** Puts an assignment into the state. */
export function assignRole(cloud: Cloud, scope: string, name: string, properties: Json): Resource {
  const id = `${scope}/providers/${ASSIGNMENTS}/${name}`;
  const time = new Date().toISOString();
  const resource: Resource = {
    id,
    name,
    type: ASSIGNMENTS,
    properties: {
      principalType: 'ServicePrincipal',
      condition: null,
      createdOn: time,
      updatedOn: time,
      ...properties,
      scope: scope || '/',
    },
  };
  cloud.state.resources[id.toLowerCase()] = resource;
  return resource;
}

/** Gives a role at the subscription. */
export function grant(cloud: Cloud, role: RoleName, principalId: string, principalType: string): void {
  assignRole(cloud, ROOT, randomUUID(), { roleDefinitionId: definitionId(role), principalId, principalType });
}

function putAssignment(cloud: Cloud, request: ArmRequest, scope = '', name = ''): Answer {
  const properties = (request.body.properties ?? {}) as Json;
  const { roleDefinitionId, principalId } = properties;
  if (typeof roleDefinitionId !== 'string' || typeof principalId !== 'string') {
    return failure(400, 'InvalidRequestContent', 'roleDefinitionId and principalId are required.');
  }
  const twin = assignmentsIn(cloud).find(
    ({ properties: other, ...one }) =>
      scopeOf({ ...one, properties: other }) === scope.toLowerCase() &&
      other.principalId === principalId &&
      String(other.roleDefinitionId).split('/').at(-1) === roleDefinitionId.split('/').at(-1),
  );
  if (twin && twin.name !== name) return failure(409, 'RoleAssignmentExists', 'The role assignment already exists.');
  return { status: 201, body: assignRole(cloud, scope, name, properties) };
}

function showAssignment(cloud: Cloud, request: ArmRequest): Answer {
  const found = cloud.state.resources[request.path.toLowerCase()];
  return found ? ok(found) : failure(404, 'RoleAssignmentNotFound', 'The role assignment is not found.');
}

function removeAssignment(cloud: Cloud, request: ArmRequest): Answer {
  const key = request.path.toLowerCase();
  const found = cloud.state.resources[key];
  delete cloud.state.resources[key];
  return found ? ok(found) : { status: 204 };
}

/** Role definitions and role assignments, at any scope. */
export function authorizationRoutes(cloud: Cloud): Route[] {
  const definitions = '{*scope}/providers/Microsoft.Authorization/roleDefinitions';
  const assignments = '{*scope}/providers/Microsoft.Authorization/roleAssignments';
  return [
    { method: 'GET', path: definitions, handle: listDefinitions },
    { method: 'GET', path: `${definitions}/{name}`, handle: (_request, { name }) => showDefinition(name) },
    { method: 'GET', path: assignments, handle: (request, { scope }) => listAssignments(cloud, request, scope) },
    { method: 'GET', path: `${assignments}/{name}`, handle: (request) => showAssignment(cloud, request) },
    { method: 'DELETE', path: `${assignments}/{name}`, handle: (request) => removeAssignment(cloud, request) },
    {
      method: 'PUT',
      path: `${assignments}/{name}`,
      handle: (request, { scope, name }) => putAssignment(cloud, request, scope, name),
    },
  ];
}
