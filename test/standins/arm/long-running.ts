import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import { type Answer, failure, ok, type Route } from './http.ts';
import { SUBSCRIPTION_ID } from './identities.ts';
import type { LongRunningForm, Operation, Resource } from './state.ts';

const API_VERSION = '2024-01-01';

/** Removes a resource with everything in it. */
export function removeTree(cloud: Cloud, id: string): void {
  const key = id.toLowerCase();
  for (const one of Object.keys(cloud.state.resources)) {
    if (one === key || one.startsWith(`${key}/`)) delete cloud.state.resources[one];
  }
}

function finish(cloud: Cloud, operation: Operation): void {
  const key = operation.resourceId.toLowerCase();
  if (operation.what === 'delete') removeTree(cloud, key);
  const resource = cloud.state.resources[key];
  if (resource) resource.properties.provisioningState = operation.error ? 'Failed' : 'Succeeded';
}

/** Counts one poll. @returns whether it is done now. */
function advance(cloud: Cloud, operation: Operation): boolean {
  if (operation.left > 0) {
    operation.left -= 1;
    return false;
  }
  finish(cloud, operation);
  return true;
}

/** A resource that is asked for while its own provisioningState tells how far it is. */
export function advanceBody(cloud: Cloud, id: string): void {
  for (const [key, operation] of Object.entries(cloud.state.operations)) {
    if (operation.form !== 'body' || operation.resourceId.toLowerCase() !== id.toLowerCase()) continue;
    if (advance(cloud, operation)) delete cloud.state.operations[key];
  }
}

/** While a resource's own state says that it is not ready: when to ask again. */
export function waitHeaders(cloud: Cloud, id: string): Record<string, string> {
  const isWaiting = Object.values(cloud.state.operations).some(
    ({ form, resourceId }) => form === 'body' && resourceId.toLowerCase() === id.toLowerCase(),
  );
  return isWaiting ? { 'retry-after': String(cloud.retryAfterSeconds) } : {};
}

function begin(cloud: Cloud, operation: Omit<Operation, 'left'>): Record<string, string> {
  const id = randomUUID();
  cloud.state.operations[id] = { ...operation, left: cloud.polls };
  const kind = operation.form === 'async' ? 'operationstatuses' : 'operationresults';
  const url = `${cloud.url()}/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Resources/${kind}/${id}?api-version=${API_VERSION}`;
  const headers: Record<string, string> = { 'retry-after': String(cloud.retryAfterSeconds) };
  if (operation.form === 'async') headers['azure-asyncoperation'] = url;
  if (operation.form === 'location') headers.location = url;
  return headers;
}

/**
 * Accepts a PUT or PATCH of a resource that is not ready at once.
 * @param okStatus of the answer that has the resource in it: 201 or 200, as the service publishes it.
 * @param failWith it is accepted, and fails later.
 */
export function acceptPut(
  cloud: Cloud,
  resource: Resource,
  { created, okStatus, failWith }: { created: boolean; okStatus: number; failWith?: Operation['error'] },
): Answer {
  resource.properties.provisioningState = created ? 'Creating' : 'Updating';
  const form = cloud.longRunning;
  const headers = begin(cloud, { resourceId: resource.id, form, what: 'put', error: failWith });
  const status = form === 'location' ? 202 : okStatus;
  return { status, body: structuredClone(resource), headers };
}

/** Accepts a DELETE; where a resource tells its own state it is gone at once. */
export function acceptDelete(cloud: Cloud, id: string, form: LongRunningForm = cloud.longRunning): Answer {
  if (form === 'body') {
    removeTree(cloud, id);
    return { status: 200 };
  }
  return { status: 202, headers: begin(cloud, { resourceId: id, form, what: 'delete' }) };
}

function pollAsync(cloud: Cloud, id: string, operation: Operation): Answer {
  if (!advance(cloud, operation)) {
    return {
      status: 200,
      body: { id, name: id, status: 'InProgress' },
      headers: { 'retry-after': String(cloud.retryAfterSeconds) },
    };
  }
  return ok(operation.error ? { id, status: 'Failed', error: operation.error } : { id, name: id, status: 'Succeeded' });
}

/** The last answer at a Location is the resource itself: the SDKs read it as such. */
function pollLocation(cloud: Cloud, id: string, operation: Operation, path: string): Answer {
  if (!advance(cloud, operation)) {
    const headers = {
      'retry-after': String(cloud.retryAfterSeconds),
      location: `${cloud.url()}${path}?api-version=${API_VERSION}`,
    };
    return { status: 202, headers };
  }
  delete cloud.state.operations[id];
  if (operation.error) return failure(409, operation.error.code, operation.error.message);
  const resource = cloud.state.resources[operation.resourceId.toLowerCase()];
  return operation.what === 'put' && resource ? ok(structuredClone(resource)) : { status: 204 };
}

function poll(cloud: Cloud, id: string, path: string): Answer {
  const operation = cloud.state.operations[id];
  if (!operation) return failure(404, 'OperationNotFound', `The operation '${id}' was not found.`);
  return operation.form === 'async' ? pollAsync(cloud, id, operation) : pollLocation(cloud, id, operation, path);
}

export function operationRoutes(cloud: Cloud): Route[] {
  const root = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Resources`;
  const handle: Route['handle'] = (request, { id = '' }) => poll(cloud, id, request.path);
  return [
    { method: 'GET', path: `${root}/operationstatuses/{id}`, handle },
    { method: 'GET', path: `${root}/operationresults/{id}`, handle },
  ];
}
