import { randomBytes } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import { type Answer, type ArmRequest, failure, type Json, ok, type Route } from './http.ts';
import { TENANT_ID } from './identities.ts';
import type { ResourceType } from './resource-types.ts';
import type { Resource } from './state.ts';

/** 400 years. */
const LONGEST_DAYS = 146_000;
/** An etag as the service makes them. */
export const newTag = () => `"0x8D${randomBytes(6).toString('hex').toUpperCase()}"`;
const isNested = (resource: Resource, id: string) => resource.id.toLowerCase().startsWith(`${id.toLowerCase()}/`);
export const POLICY_TYPE = 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies';

/** A policy that can never be removed, in a container or an account. */
export function lockedPolicyIn(cloud: Cloud, id: string): Resource | undefined {
  return Object.values(cloud.state.resources).find(
    (one) =>
      one.type.toLowerCase() === POLICY_TYPE.toLowerCase() && isNested(one, id) && one.properties.state === 'Locked',
  );
}

const wrongTag = () =>
  failure(
    412,
    'ContainerImmutabilityPolicyFailure',
    'Operation not allowed on immutability policy with incorrect etag.',
  );
const lockedAlready = () =>
  failure(409, 'ContainerImmutabilityPolicyFailure', 'Operation not allowed on a locked immutability policy.');

const tagFits = (request: ArmRequest, policy: Resource) =>
  ['*', policy.etag].includes(request.headers['if-match'] as string);

/** A container tells of its policy too. */
function noteOnContainer(cloud: Cloud, policy: Resource, update: string): void {
  const container = cloud.state.resources[policy.id.toLowerCase().split('/').slice(0, -2).join('/')];
  if (!container) return;
  const { state, ...rest } = policy.properties;
  const isThere = state !== 'Deleted';
  const days = policy.properties.immutabilityPeriodSinceCreationInDays;
  const history = ((container.properties.immutabilityPolicy as Json | undefined)?.updateHistory ?? []) as Json[];
  const entry = {
    update,
    immutabilityPeriodSinceCreationInDays: days,
    timestamp: new Date().toISOString(),
    tenantId: TENANT_ID,
  };
  container.properties.hasImmutabilityPolicy = isThere;
  if (isThere) {
    const updateHistory = [...history, entry];
    container.properties.immutabilityPolicy = { etag: policy.etag, updateHistory, properties: { ...rest, state } };
  } else delete container.properties.immutabilityPolicy;
}

/** Time-based retention of a container. */
export const IMMUTABILITY: ResourceType = {
  createdStatus: 200,
  refuse({ properties }, { request, before }) {
    const days = Number(properties.immutabilityPeriodSinceCreationInDays);
    if (!(days >= 1 && days <= LONGEST_DAYS)) {
      return failure(
        400,
        'InvalidRequestPropertyValue',
        `The retention of ${days} days is not between 1 and ${LONGEST_DAYS}.`,
      );
    }
    if (before && request.headers['if-match'] && !tagFits(request, before)) return wrongTag();
    return before?.properties.state === 'Locked' ? lockedAlready() : undefined;
  },
  complete(resource) {
    resource.etag = newTag();
    const defaults = { allowProtectedAppendWrites: false, allowProtectedAppendWritesAll: false };
    resource.properties = { ...defaults, ...resource.properties, state: 'Unlocked' };
  },
  stored: (resource, { cloud }) => noteOnContainer(cloud, resource, 'put'),
  remove(resource, { cloud, request }) {
    if (!tagFits(request, resource)) return wrongTag();
    if (resource.properties.state === 'Locked') return lockedAlready();
    delete cloud.state.resources[resource.id.toLowerCase()];
    const gone = nonePolicy(resource.id, resource.name);
    noteOnContainer(cloud, gone, 'delete');
    return ok(gone);
  },
  absent: (id, name) => ok(nonePolicy(id, name)),
};

/** A container without a policy has one that says so. */
const nonePolicy = (id: string, name: string): Resource => ({
  id,
  name,
  type: POLICY_TYPE,
  etag: '',
  properties: { immutabilityPeriodSinceCreationInDays: 0, state: 'Deleted' },
});

function changePolicy(cloud: Cloud, request: ArmRequest, update: 'lock' | 'extend'): Answer {
  const policy = cloud.state.resources[request.path.toLowerCase().split('/').slice(0, -1).join('/')];
  if (!policy) return failure(404, 'ContainerImmutabilityPolicyNotFound', 'The container has no immutability policy.');
  if (!tagFits(request, policy)) return wrongTag();
  const days = Number(((request.body.properties ?? {}) as Json).immutabilityPeriodSinceCreationInDays);
  const isLonger = days > Number(policy.properties.immutabilityPeriodSinceCreationInDays);
  if (update === 'extend') {
    if (policy.properties.state !== 'Locked' || !isLonger) return lockedAlready();
    policy.properties.immutabilityPeriodSinceCreationInDays = days;
  }
  policy.properties.state = 'Locked';
  policy.etag = newTag();
  noteOnContainer(cloud, policy, update);
  return { status: 200, body: policy, headers: { etag: String(policy.etag) } };
}

/** Locking a policy, and making a locked one longer; neither has a way back. */
export function immutabilityRoutes(cloud: Cloud): Route[] {
  const policy = '{*container}/immutabilityPolicies/default';
  return [
    { method: 'POST', path: `${policy}/lock`, handle: (request) => changePolicy(cloud, request, 'lock') },
    { method: 'POST', path: `${policy}/extend`, handle: (request) => changePolicy(cloud, request, 'extend') },
  ];
}
