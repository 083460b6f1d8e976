import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../apps/sandbox/app.ts';
import type { BookEntry, BookPage, LabelAnswer, PaymentAnswer } from '../../lib/integration/sandbox-api.ts';
import { type OpRequest, opKey } from '../../lib/process/external-op.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { startTestDatabase, type TestDatabase } from './database.ts';
import { HOOK_SECRETS } from './hook-receiver.ts';
import { until } from './until.ts';

/** Nobody listens there: facts wait. */
const NOWHERE = 'http://127.0.0.1:9';

export interface TestSandboxOptions extends Partial<SandboxOptions> {
  /** A schema to use, with or without the sandbox's tables; one of the test's own when absent. */
  database?: TestDatabase;
}

/** The stand-in provider and carriers on a free port; ready when this resolves. */
export interface TestSandbox {
  url: string;
  port: number;
  database: TestDatabase;
  /** Sends a request with its idempotency key. */
  post(path: string, key: string, body: unknown): Promise<Response>;
  stop(): Promise<void>;
}

export async function startTestSandbox(t: TestContext, options: TestSandboxOptions = {}): Promise<TestSandbox> {
  const { database = await startTestDatabase(t, { migrate: false }), ...more } = options;
  const sandbox: RunningSandbox = await startSandbox(
    {
      databaseUrl: database.url,
      hooksUrl: NOWHERE,
      secrets: HOOK_SECRETS,
      http: { host: '127.0.0.1', port: 0 },
      delays: { slowMs: 30, hangMs: 30 },
      ...more,
    },
    createLogger('sandbox', 'silent'),
  );
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= sandbox.stop();
    return stopped;
  };
  t.after(stop);
  return asTestSandbox(sandbox.port, database, stop);
}

/** A sandbox that listens, once it is ready. */
export async function asTestSandbox(
  port: number,
  database: TestDatabase,
  stop: () => Promise<void>,
): Promise<TestSandbox> {
  const url = `http://127.0.0.1:${port}`;
  await until('the sandbox is ready', async () => (await fetch(`${url}/readyz`)).ok);
  return {
    ...{ url, port, database, stop },
    post: (path, key, body) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      }),
  };
}

/** An order at the sandbox: requests as the order processing sends them, numbered by kind. */
export class SandboxOrder {
  readonly id: string = randomUUID();
  readonly #sandbox: TestSandbox;
  readonly #simulation: OpRequest['simulation'];
  readonly #numbers = new Map<string, number>();

  constructor(sandbox: TestSandbox, simulation?: OpRequest['simulation']) {
    this.#sandbox = sandbox;
    this.#simulation = simulation;
  }

  /** The key of a request that was sent. */
  key(kind: 'authorize' | 'capture' | 'refund' | 'label', no = 1): string {
    return opKey(this.id, kind, no);
  }

  async authorize(token?: string, more: Partial<OpRequest<'authorize'>> = {}): Promise<PaymentAnswer> {
    const response = await this.send('authorize', '/psp/payments', this.authorizeBody(token, more));
    return (await response.json()) as PaymentAnswer;
  }

  authorizeBody(token?: string, more: Partial<OpRequest<'authorize'>> = {}): OpRequest<'authorize'> {
    return {
      ...this.#shared(),
      ...{ attempt: 1, amount_minor: 1_000, method: 'card', capture: false, mfa_completed: false, customer_ref: 'c-1' },
      ...(token && { token }),
      ...more,
    };
  }

  async followUp(kind: 'capture' | 'void' | 'refund', amount = 1_000, authorizeNo = 1): Promise<PaymentAnswer> {
    const authorize_key = this.key('authorize', authorizeNo);
    const body = { ...this.#shared(), attempt: 1, amount_minor: amount, authorize_key, provider_ref: null };
    return (await (await this.send(kind, `/psp/payments/${authorize_key}/${kind}`, body)).json()) as PaymentAnswer;
  }

  labelBody(carrier = 'swiftpost'): OpRequest<'label'> {
    return {
      ...this.#shared(),
      ...{ parcel_no: 1, carrier, service: 'standard', warehouse: 'east' },
      ship_to: { country: 'US', city: 'Reno', postcode_prefix: '895' },
      lines: [{ sku: 'A-1', quantity: 2 }],
    };
  }

  async label(carrier = 'swiftpost'): Promise<LabelAnswer> {
    const response = await this.send('label', `/carriers/${carrier}/labels`, this.labelBody(carrier));
    return (await response.json()) as LabelAnswer;
  }

  parcel(kind: 'pickup' | 'void', trackingNo: string, carrier = 'swiftpost'): Promise<Response> {
    const body = { ...this.#shared(), parcel_no: 1, carrier, tracking_no: trackingNo };
    return this.send(kind, `/carriers/${carrier}/parcels/${trackingNo}/${kind}`, body);
  }

  async returnLabel(returnId: string, carrier = 'swiftpost'): Promise<LabelAnswer> {
    const body = { ...this.#shared(), return_id: returnId, carrier, lines: [{ line: 1, sku: 'A-1', quantity: 2 }] };
    return (await (await this.send('return_label', `/carriers/${carrier}/returns`, body)).json()) as LabelAnswer;
  }

  /** Sends a request with the next number of its kind. */
  send(kind: string, path: string, body: unknown): Promise<Response> {
    const no = (this.#numbers.get(kind) ?? 0) + 1;
    this.#numbers.set(kind, no);
    return this.#sandbox.post(path, `${this.id}:${kind}:${no}`, body);
  }

  #shared() {
    return { order_id: this.id, currency: 'USD', ...(this.#simulation && { simulation: this.#simulation }) };
  }
}

/** The provider's whole book, or that of one order. */
export async function readBook(sandbox: TestSandbox, orderId?: string, limit = 1_000): Promise<BookEntry[]> {
  const entries: BookEntry[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page = (await (await fetch(`${sandbox.url}/psp/book?after=${after}&limit=${limit}`)).json()) as BookPage;
    entries.push(...page.entries);
    after = page.next;
  }
  return orderId ? entries.filter(({ order_id }) => order_id === orderId) : entries;
}
