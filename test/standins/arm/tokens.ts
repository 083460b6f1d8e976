import { createHmac, createPublicKey, randomUUID, verify, X509Certificate } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import { type Answer, type ArmRequest, failure, type Json, ok, type Route } from './http.ts';
import { DEPLOYER, ENGINEER, TENANT_ID } from './identities.ts';

/** Who a token is of. */
export interface Caller {
  objectId: string;
  isUser: boolean;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Json;
const now = () => Math.floor(Date.now() / 1000);

function sign(cloud: Cloud, claims: Json): string {
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', cloud.state.tokenKey).update(text).digest('base64url')}`;
}

function issue(cloud: Cloud, claims: Json, audience: string): Answer {
  const times = { iat: now(), nbf: now(), exp: now() + cloud.tokenSeconds };
  const common = { iss: `https://sts.windows.net/${TENANT_ID}/`, tid: TENANT_ID, ver: '1.0', ...times };
  return ok({
    token_type: 'Bearer',
    expires_in: cloud.tokenSeconds,
    ext_expires_in: cloud.tokenSeconds,
    resource: audience,
    access_token: sign(cloud, { ...common, ...claims, aud: audience, jti: randomUUID() }),
    ...(claims.upn ? { refresh_token: sign(cloud, { ...common, ...claims }), id_token: idToken(cloud, claims) } : {}),
  });
}

const idToken = (cloud: Cloud, claims: Json) =>
  sign(cloud, {
    ...claims,
    aud: claims.appid,
    tid: TENANT_ID,
    iss: `${cloud.url()}/adfs`,
    iat: now(),
    exp: now() + 3600,
    sub: claims.oid,
  });

/** An error of the login service, with the number people search for. */
export function loginFailure(status: number, error: string, code: number, text: string): Answer {
  const trace = randomUUID();
  const timestamp = new Date().toISOString().replace('T', ' ').replace(/\..*/, 'Z');
  const description = `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`;
  return {
    status,
    body: {
      error,
      error_description: description,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: trace,
    },
  };
}

/** Whether the assertion was signed with the private key of one of the application's certificates. */
function isSignedByOneOf(assertion: string, certificates: readonly string[]): boolean {
  const [header, payload, signature] = assertion.split('.');
  if (!header || !payload || !signature || Number(decode(payload).exp) < now()) return false;
  const isPss = decode(header).alg === 'PS256';
  return certificates.some((certificate) => {
    const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    const how = isPss ? { key, padding: 6, saltLength: 32 } : { key };
    return verify('sha256', Buffer.from(`${header}.${payload}`), how, Buffer.from(signature, 'base64url'));
  });
}

function certificatesOf(application: Json): string[] {
  const credentials = (application.keyCredentials ?? []) as { key?: string }[];
  return credentials.flatMap(({ key }) => (key ? [key] : []));
}

function proofFailure(form: URLSearchParams, application: Json): Answer | undefined {
  const assertion = form.get('client_assertion');
  if (assertion) {
    if (isSignedByOneOf(assertion, certificatesOf(application))) return undefined;
    return loginFailure(
      401,
      'invalid_client',
      700027,
      'The certificate used to sign the client assertion is not registered on application.',
    );
  }
  if (application.appId === DEPLOYER.clientId && form.get('client_secret') === DEPLOYER.secret) return undefined;
  return loginFailure(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
}

function clientToken(cloud: Cloud, form: URLSearchParams, audience: string): Answer {
  const appId = form.get('client_id');
  const application = Object.values(cloud.state.applications).find((one) => one.appId === appId);
  const principal = Object.values(cloud.state.servicePrincipals).find((one) => one.appId === appId);
  if (!application || !principal) {
    const text = `Application with identifier '${appId}' was not found in the directory '${TENANT_ID}'.`;
    return loginFailure(400, 'unauthorized_client', 700016, text);
  }
  const refused = proofFailure(form, application);
  return refused ?? issue(cloud, { appid: appId, oid: principal.id, idtyp: 'app' }, audience);
}

function userToken(cloud: Cloud, form: URLSearchParams, audience: string): Answer {
  const refresh = form.get('refresh_token');
  const known =
    form.get('grant_type') === 'refresh_token'
      ? refresh !== null && isGenuine(cloud, refresh)
      : form.get('username') === ENGINEER.userPrincipalName && form.get('password') === ENGINEER.password;
  if (!known)
    return loginFailure(
      400,
      'invalid_grant',
      50126,
      'Error validating credentials due to invalid username or password.',
    );
  const claims = { appid: form.get('client_id'), oid: ENGINEER.objectId, upn: ENGINEER.userPrincipalName };
  return issue(cloud, claims, audience);
}

function answerToken(cloud: Cloud, request: ArmRequest): Answer {
  const form = new URLSearchParams(request.text);
  const scope = form
    .get('scope')
    ?.split(' ')
    .find((one) => one.includes('/.default'));
  const audience = form.get('resource') ?? scope?.replace(/\/\.default$/, '') ?? cloud.url();
  return form.get('grant_type') === 'client_credentials'
    ? clientToken(cloud, form, audience)
    : userToken(cloud, form, audience);
}

const configuration = (cloud: Cloud, base: string, issuer: string) =>
  ok({
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    device_authorization_endpoint: `${base}/devicecode`,
    jwks_uri: `${cloud.url()}/common/discovery/keys`,
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    tenant_region_scope: null,
    cloud_instance_name: 'localhost',
  });

function discovery(cloud: Cloud): Answer {
  const host = new URL(cloud.url()).host;
  return ok({
    'api-version': '1.1',
    tenant_discovery_endpoint: `${cloud.url()}/${TENANT_ID}/v2.0/.well-known/openid-configuration`,
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  });
}

/** The login service, in the form of Entra ID (v2.0) and of AD FS, which az 2.45 needs to believe a cloud of its own. */
export function tokenRoutes(cloud: Cloud): Route[] {
  const token = (request: ArmRequest) => answerToken(cloud, request);
  const url = cloud.url;
  return [
    {
      method: 'GET',
      path: '/adfs/.well-known/openid-configuration',
      handle: () => configuration(cloud, `${url()}/adfs/oauth2`, `${url()}/adfs`),
    },
    { method: 'POST', path: '/adfs/oauth2/token', handle: token },
    { method: 'GET', path: '/common/discovery/instance', handle: () => discovery(cloud) },
    {
      method: 'GET',
      path: '/{tenant}/v2.0/.well-known/openid-configuration',
      handle: (_request, { tenant }) =>
        configuration(cloud, `${url()}/${tenant}/oauth2/v2.0`, `${url()}/${TENANT_ID}/v2.0`),
    },
    { method: 'POST', path: '/{tenant}/oauth2/v2.0/token', handle: token },
    { method: 'POST', path: '/{tenant}/oauth2/token', handle: token },
  ];
}

function isGenuine(cloud: Cloud, token: string): boolean {
  const [header, payload, signature] = token.split('.');
  const expected = createHmac('sha256', cloud.state.tokenKey).update(`${header}.${payload}`).digest('base64url');
  return signature === expected;
}

const unauthorized = (code: string, message: string) =>
  failure(401, code, message, { 'www-authenticate': `Bearer error="invalid_token", error_description="${message}"` });

/** Who sends the request, by its bearer token; an answer when it does not say so, or no longer. */
export function authenticate(cloud: Cloud, request: ArmRequest): { caller: Caller } | { refusal: Answer } {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!token)
    return {
      refusal: unauthorized('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."),
    };
  if (!isGenuine(cloud, token))
    return { refusal: unauthorized('InvalidAuthenticationToken', 'The access token is invalid.') };
  const claims = decode(token.split('.')[1]!);
  if (Number(claims.exp) <= now()) {
    return {
      refusal: unauthorized(
        'ExpiredAuthenticationToken',
        'The access token expiry UTC time is earlier than current UTC time.',
      ),
    };
  }
  return { caller: { objectId: String(claims.oid), isUser: 'upn' in claims } };
}
