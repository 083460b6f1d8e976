import { setTimeout as sleep } from 'node:timers/promises';
import { DEPLOYER, TENANT_ID } from '../../../arm/identities.ts';
import { Refused } from '../../provider.ts';
import type { Json } from './fields.ts';

export interface ArmAnswer {
  status: number;
  headers: Headers;
  body: Json;
}

/** Azure Resource Manager as azurerm's SDK uses it: with a token, patient when throttled, waiting for what takes long. */
export interface ArmClient {
  /** @returns undefined when it is not there. */
  get(id: string, apiVersion: string): Promise<ArmAnswer | undefined>;
  put(id: string, apiVersion: string, body: Json, headers?: Record<string, string>): Promise<void>;
  post(id: string, apiVersion: string, body: Json, headers?: Record<string, string>): Promise<void>;
  remove(id: string, apiVersion: string, headers?: Record<string, string>): Promise<void>;
}

const ATTEMPTS = 4;
const RETRIED = new Set([429, 500, 503]);
const UNFINISHED = /^(?:Creating|Updating|Accepted|Activating|InProgress|Running)$/;

/** Signs in as the stand-in's deployer. */
async function fetchToken(url: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: DEPLOYER.clientId,
    client_secret: DEPLOYER.secret,
    scope: `${url}/.default`,
  });
  const answer = await fetch(`${url}/${TENANT_ID}/oauth2/v2.0/token`, { method: 'POST', body: form });
  if (!answer.ok) throw new Refused('building account: no token', await answer.text());
  return String(((await answer.json()) as Json).access_token);
}

const afterSeconds = (headers: Headers) => Number(headers.get('retry-after') ?? 1);

/** A client of the stand-in at `url`, whose certificate Node has been told to trust (NODE_EXTRA_CA_CERTS). */
export function createArmClient(url: string): ArmClient {
  let token: Promise<string> | undefined;

  async function send(method: string, target: string, body?: Json, headers: Record<string, string> = {}) {
    token ??= fetchToken(url);
    const init: RequestInit = {
      method,
      headers: { authorization: `Bearer ${await token}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    };
    for (let attempt = 1; ; attempt += 1) {
      const answer = await fetch(target, init);
      const text = await answer.text();
      if (!RETRIED.has(answer.status) || attempt === ATTEMPTS) {
        return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : {}) as Json };
      }
      await sleep(afterSeconds(answer.headers) * 1000);
    }
  }

  const at = (id: string, apiVersion: string) => `${url}${id}?api-version=${apiVersion}`;

  async function change(doing: string, method: string, target: string, body?: Json, headers?: Record<string, string>) {
    const answer = await send(method, target, body, headers);
    refuseFailure(doing, target, answer);
    await finished(doing, target, method, answer);
  }

  /** Waits in the form the answer asks for: an operation, a location, or the resource's own state. */
  async function finished(doing: string, target: string, method: string, first: ArmAnswer): Promise<void> {
    const operation =
      first.headers.get('azure-asyncoperation') ?? (first.status === 202 ? first.headers.get('location') : null);
    const watched = operation ?? (method === 'PUT' ? target : null);
    if (watched === null) return;
    for (let answer = first; isUnfinished(answer, operation !== null && answer === first); ) {
      await sleep(afterSeconds(answer.headers) * 1000);
      answer = await send('GET', watched);
      refuseFailure(doing, target, answer);
    }
  }

  return {
    async get(id, apiVersion) {
      const answer = await send('GET', at(id, apiVersion));
      if (answer.status === 404) return undefined;
      refuseFailure('retrieving', id, answer);
      return answer;
    },
    put: (id, apiVersion, body, headers) =>
      change('performing CreateOrUpdate', 'PUT', at(id, apiVersion), body, headers),
    post: (id, apiVersion, body, headers) => change('performing action', 'POST', at(id, apiVersion), body, headers),
    remove: (id, apiVersion, headers) => change('performing Delete', 'DELETE', at(id, apiVersion), undefined, headers),
  };
}

function isUnfinished({ status, body }: ArmAnswer, isAccepted: boolean): boolean {
  const state = body.status ?? (body.properties as Json | undefined)?.provisioningState;
  return isAccepted || status === 202 || UNFINISHED.test(String(state));
}

/** As azurerm's SDK words it. @throws {Refused} */
function refuseFailure(doing: string, target: string, { status, body }: ArmAnswer): void {
  const failed = body.error as { code?: string; message?: string } | undefined;
  if (status < 400 && failed === undefined) return;
  if (status === 404 && doing === 'performing Delete') return;
  const path = decodeURI(new URL(target, 'https://arm').pathname);
  throw new Refused(
    `${doing} (${path}): unexpected status ${status} with error: ${failed?.code}: ${failed?.message}`,
    'Said by the stand-in of Azure Resource Manager.',
  );
}
