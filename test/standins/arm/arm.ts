import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { authorizationRoutes, grant, type RoleName } from './authorization.ts';
import type { Cloud } from './cloud.ts';
import { createFaults, type FaultRule, type Faults } from './faults.ts';
import { graphRoutes, seedDirectory } from './graph.ts';
import { type Answer, type ArmRequest, dispatcher, failure, type Json, standardHeaders } from './http.ts';
import { DEPLOYER, ENGINEER } from './identities.ts';
import { createJudge, type Judge } from './judge.ts';
import { keyVaultRoutes } from './key-vault.ts';
import { operationRoutes } from './long-running.ts';
import { nameRoutes } from './names.ts';
import { ALWAYS_REGISTERED, PROVIDERS, type ProviderName } from './providers.ts';
import { answerResource } from './resources.ts';
import { type CloudState, type LongRunningForm, openState } from './state.ts';
import { storageRoutes } from './storage.ts';
import { metadataRoutes, subscriptionRoutes } from './subscriptions.ts';
import { authenticate, tokenRoutes } from './tokens.ts';

export interface ArmOptions {
  /** PEM texts; see makeCertificates. */
  certificate: { cert: string; key: string };
  /** Keeps the cloud between two starts; without it everything is forgotten. */
  folder?: string;
  /** A fixed port, for an az that has the address in its configuration; any free one when absent. */
  port?: number;
  /** How long-running operations tell how far they are; "async" when absent. */
  longRunning?: LongRunningForm;
  /** Polls until such an operation is done; 1 when absent. */
  polls?: number;
  /** Retry-After in between; 1 when absent, and az takes 0 for "not said" and then waits ten seconds. */
  retryAfterSeconds?: number;
  tokenSeconds?: number;
  faults?: readonly FaultRule[];
  /** Resource providers registered from the start; all of them when absent. */
  registered?: readonly ProviderName[];
  /** Roles of the two identities at the subscription; Owner when absent. */
  roles?: readonly RoleName[];
  /** Names that somebody else in the world has. */
  takenNames?: readonly string[];
  /** Where the data planes answer, with {name}; public Azure's addresses when absent. */
  endpoints?: Partial<Cloud['endpoints']>;
}

/** One request that came in, with what was answered. */
export interface Recorded {
  method: string;
  path: string;
  query: string;
  apiVersion: string | undefined;
  userAgent: string;
  body: Json;
  status: number;
}

/** Azure Resource Manager, its login service and Microsoft Graph, at one address of this machine. */
export interface Arm {
  /** https://localhost:PORT */
  url: string;
  state: CloudState;
  requests: readonly Recorded[];
  /** What was wrong, by the published contract, with a request or an answer under Microsoft.EventHub. */
  violations: readonly string[];
  faults: Faults;
  /** From now on long-running operations tell in this form how far they are. */
  tellIn(form: LongRunningForm): void;
  stop(): Promise<void>;
}

const ENDPOINTS: Cloud['endpoints'] = {
  serviceBus: 'https://{name}.servicebus.windows.net:443/',
  blob: 'https://{name}.blob.core.windows.net/',
  vault: 'https://{name}.vault.azure.net/',
};

function populate(cloud: Cloud, { registered, roles = ['Owner'] }: ArmOptions): void {
  seedDirectory(cloud);
  for (const role of roles) {
    grant(cloud, role, DEPLOYER.objectId, 'ServicePrincipal');
    grant(cloud, role, ENGINEER.objectId, 'User');
  }
  for (const name of registered ?? (Object.keys(PROVIDERS) as ProviderName[])) {
    cloud.state.registrations[name.toLowerCase()] = 'Registered';
  }
  for (const name of ALWAYS_REGISTERED) cloud.state.registrations[name.toLowerCase()] = 'Registered';
}

async function readRequest(message: IncomingMessage): Promise<ArmRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(message.url ?? '/', 'https://localhost');
  const isJson = /^\s*\{/.test(text);
  return {
    method: message.method ?? 'GET',
    path: decodeURIComponent(url.pathname).replaceAll(/\/{2,}/g, '/'),
    query: url.searchParams,
    headers: message.headers,
    text,
    body: isJson ? (JSON.parse(text) as Json) : {},
  };
}

const UNKNOWN = (request: ArmRequest) =>
  failure(404, 'NotKnownToTheStandIn', `the stand-in has no answer for ${request.method} ${request.path}`);

/** Faults first, then those who need no login, then everything else by who asks. */
function createHandler(cloud: Cloud, faults: Faults): (request: ArmRequest) => Answer {
  const open = dispatcher([...tokenRoutes(cloud), ...metadataRoutes(cloud)]);
  const management = dispatcher([
    ...operationRoutes(cloud),
    ...nameRoutes(cloud),
    ...authorizationRoutes(cloud),
    ...keyVaultRoutes(cloud),
    ...storageRoutes(cloud),
    ...subscriptionRoutes(cloud),
  ]);
  return (request) => {
    const struck = faults.strike(request);
    if (struck?.answer) return struck.answer;
    const free = open(request);
    if (free) return free;
    const login = authenticate(cloud, request);
    if ('refusal' in login) return login.refusal;
    if (/^\/(v1\.0|beta)\//.test(request.path))
      return dispatcher(graphRoutes(cloud, login.caller))(request) ?? UNKNOWN(request);
    if (!request.query.get('api-version')) {
      return failure(
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter (?api-version=) is required for all requests.',
      );
    }
    return management(request) ?? answerResource(cloud, request, struck?.operationError) ?? UNKNOWN(request);
  };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, {
    ...standardHeaders(),
    ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

interface Books {
  requests: Recorded[];
  violations: string[];
  judge: Judge;
}

function record({ requests, violations, judge }: Books, request: ArmRequest, answer: Answer): void {
  const { method, path, query, headers, body } = request;
  const apiVersion = query.get('api-version') ?? undefined;
  requests.push({
    method,
    path,
    query: String(query),
    apiVersion,
    userAgent: headers['user-agent'] ?? '',
    body,
    status: answer.status,
  });
  violations.push(...judge(request, answer).map((fault) => `${method} ${path}: ${fault}`));
}

function createCloud(options: ArmOptions, state: CloudState, url: () => string): Cloud {
  return {
    state,
    url,
    longRunning: options.longRunning ?? 'async',
    polls: options.polls ?? 1,
    retryAfterSeconds: options.retryAfterSeconds ?? 1,
    tokenSeconds: options.tokenSeconds ?? 3600,
    takenNames: new Set((options.takenNames ?? []).map((name) => name.toLowerCase())),
    endpoints: { ...ENDPOINTS, ...options.endpoints },
  };
}

/** Starts the stand-in. It is no Azure: test/standins/README.md tells what it does not know. */
export async function startArm(options: ArmOptions): Promise<Arm> {
  const { state, fresh, save } = openState(options.folder);
  let url = '';
  const cloud = createCloud(options, state, () => url);
  if (fresh) populate(cloud, options);
  const faults = createFaults(options.faults);
  const books: Books = { requests: [], violations: [], judge: await createJudge() };
  const handle = createHandler(cloud, faults);
  const server = createServer(options.certificate, async (message, response) => {
    const request = await readRequest(message);
    const answer = handle(request);
    record(books, request, answer);
    save();
    send(response, answer);
  });
  await once(server.listen(options.port ?? 0, '127.0.0.1'), 'listening');
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    state,
    requests: books.requests,
    violations: books.violations,
    faults,
    tellIn(form) {
      cloud.longRunning = form;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}
