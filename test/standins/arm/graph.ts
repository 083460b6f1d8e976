import { randomUUID, X509Certificate } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import { type Answer, type ArmRequest, failure, type Json, ok, page, type Route } from './http.ts';
import { DEPLOYER, ENGINEER, TENANT_ID } from './identities.ts';
import type { Caller } from './tokens.ts';

type Kind = 'applications' | 'servicePrincipals';

const USER = {
  id: ENGINEER.objectId,
  displayName: ENGINEER.displayName,
  userPrincipalName: ENGINEER.userPrincipalName,
  mail: ENGINEER.userPrincipalName,
};

const badRequest = (message: string) => failure(400, 'Request_BadRequest', message);
const missing = (id: string) =>
  failure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

/** Each part of `a and b` as a test; those of az 2.45 and of the portal. */
function matches(object: Json, filter: string): boolean {
  return filter.split(' and ').every((part) => {
    const [, equal, value] = /^(\w+) eq '(.*)'$/.exec(part) ?? [];
    if (equal) return String(object[equal]).toLowerCase() === value?.toLowerCase();
    const [, prefixed, prefix] = /^startswith\((\w+), ?'(.*)'\)$/.exec(part) ?? [];
    if (prefixed) return String(object[prefixed]).toLowerCase().startsWith(prefix!.toLowerCase());
    const [, list, item] = /^(\w+)\/any\(\w+: ?\w+ eq '(.*)'\)$/.exec(part) ?? [];
    return list !== undefined && ((object[list] ?? []) as string[]).includes(item!);
  });
}

const filtered = (objects: readonly Json[], request: ArmRequest) => {
  const filter = request.query.get('$filter');
  return filter ? objects.filter((object) => matches(object, filter)) : objects;
};

/** A list does not give the public keys. */
const withoutKeys = (object: Json): Json => ({
  ...object,
  keyCredentials: ((object.keyCredentials ?? []) as Json[]).map((credential) => ({ ...credential, key: null })),
});

/** What the service makes of a certificate handed to it: its thumbprint, and dates that lie within the certificate's. */
function completeKey(credential: Json, known: readonly Json[]): Json | string {
  const before = known.find(({ keyId }) => keyId === credential.keyId);
  if (!credential.key) return before ?? 'The value of the key is missing.';
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(Buffer.from(String(credential.key), 'base64'));
  } catch {
    return 'Key credential value is not a valid certificate.';
  }
  const ends = new Date(certificate.validTo);
  if (credential.endDateTime && new Date(String(credential.endDateTime)) > ends)
    return 'Key credential end date is invalid.';
  return {
    startDateTime: new Date(certificate.validFrom).toISOString(),
    endDateTime: ends.toISOString(),
    displayName: certificate.subject,
    ...credential,
    keyId: credential.keyId ?? randomUUID(),
    customKeyIdentifier: certificate.fingerprint.replaceAll(':', ''),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  };
}

function completeKeys(body: Json, known: readonly Json[]): { keys?: Json[]; refusal?: Answer } {
  if (!body.keyCredentials) return {};
  const keys: Json[] = [];
  for (const credential of body.keyCredentials as Json[]) {
    const completed = completeKey(credential, known);
    if (typeof completed === 'string') return { refusal: failure(400, 'Request_BadRequest', completed) };
    keys.push(completed);
  }
  return { keys };
}

function createApplication(cloud: Cloud, body: Json): Answer {
  if (typeof body.displayName !== 'string' || !body.displayName)
    return badRequest("Property 'displayName' is required.");
  const { keys, refusal } = completeKeys(body, []);
  if (refusal) return refusal;
  const application: Json = {
    signInAudience: 'AzureADMyOrg',
    identifierUris: [],
    passwordCredentials: [],
    publisherDomain: 'standin.example',
    web: { redirectUris: [] },
    ...body,
    id: randomUUID(),
    appId: randomUUID(),
    createdDateTime: new Date().toISOString(),
    keyCredentials: keys ?? [],
  };
  cloud.state.applications[String(application.id)] = application;
  return { status: 201, body: application };
}

function createServicePrincipal(cloud: Cloud, body: Json): Answer {
  const application = Object.values(cloud.state.applications).find(({ appId }) => appId === body.appId);
  if (!application)
    return badRequest(
      `The appId '${body.appId}' of the service principal does not reference a valid application object.`,
    );
  if (Object.values(cloud.state.servicePrincipals).some(({ appId }) => appId === body.appId)) {
    const text = `The service principal cannot be created, updated, or restored because the service principal name ${body.appId} is already in use.`;
    return failure(409, 'Request_MultipleObjectsWithSameKeyValue', text);
  }
  const principal = servicePrincipalOf(application, randomUUID());
  cloud.state.servicePrincipals[String(principal.id)] = principal;
  return { status: 201, body: principal };
}

function servicePrincipalOf(application: Json, id: string): Json {
  return {
    id,
    appId: application.appId,
    displayName: application.displayName,
    appDisplayName: application.displayName,
    accountEnabled: true,
    appOwnerOrganizationId: TENANT_ID,
    servicePrincipalNames: [application.appId, ...((application.identifierUris ?? []) as string[])],
    servicePrincipalType: 'Application',
    keyCredentials: [],
    passwordCredentials: [],
  };
}

function change(cloud: Cloud, kind: Kind, id: string, body: Json): Answer {
  const object = cloud.state[kind][id];
  if (!object) return missing(id);
  const { keys, refusal } = completeKeys(body, (object.keyCredentials ?? []) as Json[]);
  if (refusal) return refusal;
  Object.assign(object, body, keys && { keyCredentials: keys });
  return { status: 204 };
}

/** With its application a service principal goes too. */
function remove(cloud: Cloud, kind: Kind, id: string): Answer {
  const object = cloud.state[kind][id];
  if (!object) return missing(id);
  delete cloud.state[kind][id];
  if (kind === 'applications') {
    for (const [key, { appId }] of Object.entries(cloud.state.servicePrincipals)) {
      if (appId === object.appId) delete cloud.state.servicePrincipals[key];
    }
  }
  return { status: 204 };
}

function me(caller: Caller): Answer {
  return caller.isUser ? ok(USER) : badRequest('/me request is only valid with delegated authentication flow.');
}

function byIds(cloud: Cloud, body: Json): Answer {
  const typed = (type: string) => (object: Json) => ({ '@odata.type': `#microsoft.graph.${type}`, ...object });
  const everything: Json[] = [
    typed('user')(USER),
    ...Object.values(cloud.state.servicePrincipals).map(typed('servicePrincipal')),
    ...Object.values(cloud.state.applications).map(typed('application')),
  ];
  return page(everything.filter(({ id }) => ((body.ids ?? []) as string[]).includes(String(id))));
}

/** The service principal that deploys, and its application. */
export function seedDirectory(cloud: Cloud): void {
  const { clientId, applicationId, objectId, displayName } = DEPLOYER;
  const application = {
    id: applicationId,
    appId: clientId,
    displayName,
    identifierUris: [],
    keyCredentials: [],
    passwordCredentials: [],
  };
  cloud.state.applications[applicationId] = application;
  cloud.state.servicePrincipals[objectId] = servicePrincipalOf(application, objectId);
}

function objectRoutes(cloud: Cloud, kind: Kind): Route[] {
  const create = kind === 'applications' ? createApplication : createServicePrincipal;
  const one = `/v1.0/${kind}/{id}`;
  const show = (id = '') => (cloud.state[kind][id] ? ok(withoutKeys(cloud.state[kind][id])) : missing(id));
  return [
    {
      method: 'GET',
      path: `/v1.0/${kind}`,
      handle: (request) => page(filtered(Object.values(cloud.state[kind]), request).map(withoutKeys)),
    },
    { method: 'POST', path: `/v1.0/${kind}`, handle: ({ body }) => create(cloud, body) },
    { method: 'GET', path: one, handle: (_request, { id }) => show(id) },
    { method: 'PATCH', path: one, handle: ({ body }, { id = '' }) => change(cloud, kind, id, body) },
    { method: 'DELETE', path: one, handle: (_request, { id = '' }) => remove(cloud, kind, id) },
  ];
}

/** Microsoft Graph, as far as az asks it for applications and their service principals. */
export function graphRoutes(cloud: Cloud, caller: Caller): Route[] {
  return [
    ...objectRoutes(cloud, 'applications'),
    ...objectRoutes(cloud, 'servicePrincipals'),
    { method: 'GET', path: '/v1.0/me', handle: () => me(caller) },
    { method: 'GET', path: '/v1.0/users', handle: (request) => page(filtered([USER], request)) },
    { method: 'POST', path: '/v1.0/directoryObjects/getByIds', handle: ({ body }) => byIds(cloud, body) },
  ];
}
