import { Agent, request } from 'undici';

/** What a site has answered. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Asking {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

/** A customer of a site, who finds it at a server's address by the name in its certificate. */
export interface SiteClient {
  ask(path: string, asking?: Asking): Promise<Answer>;
  close(): Promise<void>;
}

/** Longer than any of the site's own limits: what takes this long has failed. */
const PATIENCE_MS = 20_000;

/**
 * @param address of the server.
 * @param domain the shop's name.
 * @param ca PEM of who vouches for its certificate.
 */
export function siteClient({ address, domain, ca }: { address: string; domain: string; ca: string }): SiteClient {
  const agent = new Agent({
    connections: 16,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
    connect: {
      ca,
      timeout: PATIENCE_MS,
      lookup: (_name, _options, done) => done(null, [{ address, family: 4 }]),
    },
  });
  return {
    async ask(path, { method = 'GET', headers = {}, body } = {}) {
      const url = `https://${domain}${path}`;
      const answer = await request(url, { dispatcher: agent, method, headers, ...(body !== undefined && { body }) });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    },
    close: () => agent.close(),
  };
}

/** The body of an order by `customer` that goes through without a question. */
export const plainOrder = (customer: string, sku: string, quantity = 1): string =>
  JSON.stringify({
    customer,
    channel: 'web',
    currency: 'USD',
    payment: { method: 'card', token: 'tok_ok' },
    items: [{ sku, quantity }],
    ship_to: { country: 'DE' },
  });

/** @returns the answer to an order; the same key again is the same order. */
export const placeOrder = (client: SiteClient, key: string, body: string): Promise<Answer> =>
  client.ask('/api/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body,
  });
