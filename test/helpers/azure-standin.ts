import { request } from 'node:https';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { EventHubManagementClient } from '@azure/arm-eventhub';
import type { StorageManagementClient } from '@azure/arm-storage';
import type { TokenCredential } from '@azure/identity';
import { type Arm, type ArmOptions, startArm } from '../standins/arm/arm.ts';
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from '../standins/arm/identities.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { tempFolder } from './temp-folder.ts';

/** What an answer looks like to a client that knows nothing of Azure. */
export interface PlainAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any;
}

/** A stand-in of a test's own, and clients that talk to it: the real SDKs, and plain requests. */
export interface StandinAzure {
  arm: Arm;
  certificates: Certificates;
  folder: string;
  credential: TokenCredential;
  eventHubs: EventHubManagementClient;
  storage: StorageManagementClient;
  /** With the deployer's token; `path` begins with a slash and may have its query. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<PlainAnswer>;
}

function plainRequest(url: string, ca: string, method: string, body: unknown, headers: Record<string, string>) {
  return new Promise<PlainAnswer>((resolve, reject) => {
    const sent = request(url, { method, ca, agent: false, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: text ? JSON.parse(text) : undefined });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** Starts the stand-in for a test; it stops with it. */
export async function standinAzure(t: TestContext, options: Partial<ArmOptions> = {}): Promise<StandinAzure> {
  const folder = tempFolder(t);
  const certificates = await makeCertificates(join(folder, 'tls'));
  const arm = await startArm({ certificate: certificates, ...options });
  t.after(() => arm.stop());
  const { ClientSecretCredential } = await import('@azure/identity');
  const { EventHubManagementClient: EventHubs } = await import('@azure/arm-eventhub');
  const { StorageManagementClient: Storage } = await import('@azure/arm-storage');
  const tlsOptions = { ca: certificates.ca };
  const login = { authorityHost: arm.url, disableInstanceDiscovery: true, tlsOptions };
  const credential = new ClientSecretCredential(TENANT_ID, DEPLOYER.clientId, DEPLOYER.secret, login);
  const scopes = [`${arm.url}/.default`];
  const client = { endpoint: arm.url, credentials: { scopes }, credentialScopes: scopes, tlsOptions };
  return {
    arm,
    certificates,
    folder,
    credential,
    eventHubs: new EventHubs(credential, SUBSCRIPTION_ID, client),
    storage: new Storage(credential, SUBSCRIPTION_ID, client),
    async call(method, path, body, headers = {}) {
      const { token } = (await credential.getToken(scopes))!;
      const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
      return plainRequest(`${arm.url}${path}`, certificates.ca, method, body, all);
    },
  };
}
