import type { Cloud } from './cloud.ts';
import { EVENT_HUB_TYPES, keysOf } from './event-hubs.ts';
import { type Answer, type ArmRequest, failure, type Json, ok, page } from './http.ts';
import { SUBSCRIPTION_ID } from './identities.ts';
import { KEY_VAULT_TYPES } from './key-vault.ts';
import { isLocation, LOCATIONS, locationName } from './locations.ts';
import { acceptDelete, acceptPut, advanceBody, removeTree, waitHeaders } from './long-running.ts';
import { parseResourcePath, type ResourcePath } from './resource-id.ts';
import type { Change, ResourceType } from './resource-types.ts';
import type { Operation, Resource } from './state.ts';
import { STORAGE_TYPES } from './storage.ts';

const GROUP_TYPE = 'microsoft.resources/resourcegroups';
const TYPES: Record<string, ResourceType> = {
  ...EVENT_HUB_TYPES,
  ...STORAGE_TYPES,
  ...KEY_VAULT_TYPES,
  [GROUP_TYPE]: { needsLocation: true },
};

const typeOf = (path: { type: string }) => TYPES[path.type.toLowerCase()] ?? {};
const notFound = (path: ResourcePath): Answer =>
  path.type.toLowerCase() === GROUP_TYPE
    ? groupNotFound(path.names[0])
    : failure(
        404,
        'ResourceNotFound',
        `The Resource '${path.type}/${path.names.join('/')}' under resource group '${path.group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
      );
const groupNotFound = (name = '') =>
  failure(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);

/** What has to be there before anything can be put at this path. */
function missingGround(cloud: Cloud, path: ResourcePath): Answer | undefined {
  const { resources, registrations } = cloud.state;
  if (path.type.toLowerCase() === GROUP_TYPE) return undefined;
  const provider = path.type.split('/')[0]!;
  if (registrations[provider.toLowerCase()] !== 'Registered') {
    const text = `The subscription is not registered to use namespace '${provider}'. See https://aka.ms/rps-not-found for how to register subscriptions.`;
    return failure(409, 'MissingSubscriptionRegistration', text);
  }
  if (path.group && !resources[`/subscriptions/${path.subscription}/resourcegroups/${path.group}`.toLowerCase()]) {
    return groupNotFound(path.group);
  }
  if (path.names.length > 1 && !resources[path.parent]) {
    const text = `Failed to perform 'write' on resource(s) of type '${path.type.slice(provider.length + 1)}', because the parent resource '${path.parent}' could not be found.`;
    return failure(404, 'ParentResourceNotFound', text);
  }
  return undefined;
}

function badPlace(resource: Resource, before: Resource | undefined, type: ResourceType): Answer | undefined {
  if (!type.needsLocation) return undefined;
  const { location } = resource;
  if (typeof location !== 'string')
    return failure(400, 'LocationRequired', 'The location property is required for this definition.');
  if (!isLocation(location)) {
    const offered = LOCATIONS.map(({ name }) => name).join(',');
    const text = `The provided location '${location}' is not available for resource type '${resource.type}'. List of available regions for the resource type is '${offered}'.`;
    return failure(400, 'LocationNotAvailableForResourceType', text);
  }
  if (before && locationName(String(before.location)) !== locationName(location)) {
    const text = `The resource '${resource.name}' already exists in location '${before.location}'. A resource with the same name cannot be created in location '${location}'.`;
    return failure(409, 'InvalidResourceLocation', text);
  }
  resource.location = locationName(location);
  return undefined;
}

function draft(path: ResourcePath, request: ArmRequest, before: Resource | undefined): Resource {
  const { properties, ...rest } = request.body;
  const isPatch = request.method === 'PATCH';
  return {
    ...(isPatch && before),
    ...rest,
    id: before?.id ?? request.path.replace(/\/resourcegroups\//i, '/resourceGroups/'),
    name: path.names.at(-1)!,
    type: before?.type ?? path.type,
    properties: structuredClone({ ...(isPatch && before?.properties), ...((properties ?? {}) as Json) }),
  };
}

function store(resource: Resource, change: Change, type: ResourceType): void {
  const { resources } = change.cloud.state;
  resources[resource.id.toLowerCase()] = resource;
  type.stored?.(resource, change);
  if (change.before) return;
  for (const child of type.children?.(resource) ?? []) {
    const id = `${resource.id}/${child.path}`;
    const more = {
      name: child.path.split('/').at(-1)!,
      type: `${resource.type}/${child.type}`,
      properties: child.properties,
    };
    resources[id.toLowerCase()] = { id, ...more };
  }
}

function write(cloud: Cloud, path: ResourcePath, request: ArmRequest, operationError?: Operation['error']): Answer {
  const type = typeOf(path);
  const before = cloud.state.resources[path.id];
  if (request.method === 'PATCH' && !before) return notFound(path);
  const resource = draft(path, request, before);
  const change = { cloud, request, before };
  const refusal = missingGround(cloud, path) ?? type.refuse?.(resource, change) ?? badPlace(resource, before, type);
  if (refusal) return refusal;
  if (path.type.toLowerCase() === GROUP_TYPE || !type.complete) resource.properties.provisioningState ??= 'Succeeded';
  if (path.type.toLowerCase().startsWith('microsoft.eventhub/') && !type.complete)
    delete resource.properties.provisioningState;
  type.complete?.(resource, change);
  store(resource, change, type);
  const okStatus = before ? 200 : (type.createdStatus ?? 201);
  if (type.longRunning) return acceptPut(cloud, resource, { created: !before, okStatus, failWith: operationError });
  const headers = resource.etag ? { etag: String(resource.etag) } : {};
  return { status: okStatus, body: structuredClone(resource), headers };
}

function read(cloud: Cloud, path: ResourcePath, request: ArmRequest): Answer {
  advanceBody(cloud, path.id);
  const found = cloud.state.resources[path.id];
  if (found) return { ...ok(structuredClone(found)), headers: waitHeaders(cloud, path.id) };
  const parentIsThere = cloud.state.resources[path.parent] !== undefined;
  const absent = parentIsThere ? typeOf(path).absent?.(request.path, path.names.at(-1)!) : undefined;
  return absent ?? notFound(path);
}

function list(cloud: Cloud, path: ResourcePath): Answer {
  const ofType = (one: Resource) => one.type.toLowerCase() === path.type.toLowerCase();
  const all = Object.entries(cloud.state.resources).filter(([, one]) => ofType(one));
  const parent = path.names.length > 0 ? cloud.state.resources[path.parent] : {};
  if (!parent) return notFound({ ...path, names: path.names });
  return page(all.filter(([id]) => id.startsWith(`${path.parent}/`)).map(([, one]) => one));
}

function remove(cloud: Cloud, path: ResourcePath, request: ArmRequest): Answer {
  const found = cloud.state.resources[path.id];
  if (!found) return path.type.toLowerCase() === GROUP_TYPE ? notFound(path) : { status: 204 };
  const own = typeOf(path).remove?.(found, { cloud, request });
  if (own) return own;
  if (path.type.toLowerCase() === GROUP_TYPE) return acceptDelete(cloud, path.id, 'location');
  if (typeOf(path).longRunning) return acceptDelete(cloud, path.id);
  removeTree(cloud, path.id);
  return { status: 200 };
}

/** POST on a resource: the last segment says what. */
function act(cloud: Cloud, request: ArmRequest): Answer | undefined {
  const parts = request.path.split('/');
  const action = parts.pop()?.toLowerCase();
  const resource = cloud.state.resources[parts.join('/').toLowerCase()];
  if (!resource) return undefined;
  if (action === 'listkeys' || action === 'regeneratekeys') {
    return resource.type.toLowerCase().startsWith('microsoft.eventhub/') ? ok(keysOf(resource)) : undefined;
  }
  if (action === 'breakpairing') {
    Object.assign(resource.properties, { partnerNamespace: '', role: 'PrimaryNotReplicating' });
    return { status: 200 };
  }
  return undefined;
}

/** `az resource list` and others: everything of the subscription or of a group. */
function listEverything(cloud: Cloud, request: ArmRequest): Answer | undefined {
  const match = /^(\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?)\/resources$/i.exec(request.path);
  if (!match || request.method !== 'GET') return undefined;
  const filter = request.query.get('$filter') ?? '';
  const types = [...filter.matchAll(/resourceType eq '([^']+)'/gi)].map(([, type]) => type!.toLowerCase());
  const topLevel = Object.entries(cloud.state.resources).filter(
    ([id, one]) =>
      id.startsWith(`${match[1]!.toLowerCase()}/`) &&
      id.split('/').length === 9 &&
      (types.length === 0 || types.includes(one.type.toLowerCase())),
  );
  return page(topLevel.map(([, one]) => one));
}

/** Everything that is put, read, listed and removed by its path. */
export function answerResource(
  cloud: Cloud,
  request: ArmRequest,
  operationError?: Operation['error'],
): Answer | undefined {
  const everything = listEverything(cloud, request);
  if (everything) return everything;
  if (request.method === 'POST') return act(cloud, request);
  const path = parseResourcePath(request.path);
  if (!path) return undefined;
  if (path.subscription.toLowerCase() !== SUBSCRIPTION_ID) {
    return failure(404, 'SubscriptionNotFound', `The subscription '${path.subscription}' could not be found.`);
  }
  if (path.isList) return request.method === 'GET' ? list(cloud, path) : undefined;
  if (request.method === 'PUT' || request.method === 'PATCH') return write(cloud, path, request, operationError);
  if (request.method === 'DELETE') return remove(cloud, path, request);
  if (request.method === 'HEAD') return { status: cloud.state.resources[path.id] ? 204 : 404 };
  return request.method === 'GET' ? read(cloud, path, request) : undefined;
}
