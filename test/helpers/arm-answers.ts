import { createServer } from 'node:https';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { type Certificates, makeCertificates } from './certificates.ts';
import { tempFolder } from './temp-folder.ts';

/** Lets every client in this process trust an authority, until the test ends. */
export function trust(t: TestContext, ca: string): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ca]);
  t.after(() => setDefaultCACertificates(before));
}

/** Certificates for servers on this machine, which every client in this process trusts. */
export async function trustedCertificates(t: TestContext): Promise<Certificates> {
  const certificates = await makeCertificates(join(tempFolder(t), 'tls'));
  trust(t, certificates.ca);
  return certificates;
}

/** A credential whose token opens nothing anywhere but at stand-ins. */
export const fakeCredential = (token = 'token'): TokenCredential => ({
  getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Nothing is ever answered. */
  hangs?: boolean;
}

export interface Request {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

/**
 * A server that gives the answers it was told, and 404 for everything else.
 * @param answers by method and path within the subscription's resource group; of a list each is given once, the last for ever
 */
export async function startArmAnswers(t: TestContext, answers: Record<string, Answer | Answer[]>) {
  const certificates = await trustedCertificates(t);
  const requests: Request[] = [];
  const left = new Map(Object.entries(answers).map(([key, value]) => [key, [value].flat()]));
  const server = createServer(certificates, async (request, response) => {
    const text = (await request.toArray()).join('');
    const path = new URL(request.url!, 'https://localhost').pathname.replace(/^.*?\/(?=resourceGroups|providers)/, '');
    const { method = '', headers } = request;
    requests.push({ method, path, headers, body: text ? JSON.parse(text) : undefined });
    const queue = left.get(`${method} ${path}`) ?? [
      { status: 404, body: { error: { code: 'ResourceNotFound', message: 'no' } } },
    ];
    const answer = queue.length > 1 ? queue.shift()! : queue[0]!;
    if (answer.hangs) return;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { endpoint: `https://localhost:${port}`, requests };
}
