import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Compile } from 'typebox/compile';
import { EVENT_TYPES, type EventType } from '../../lib/domain/event-types.ts';
import { WebhookBody } from '../../lib/integration/webhook.ts';
import { checkSignature, SIGNATURE_HEADER } from '../../lib/integration/webhook-signature.ts';
import { until } from './until.ts';

export type ReportedFact = WebhookBody['events'][number];

/** The secrets of a test's webhooks. */
export const HOOK_SECRETS = { psp: 'test-psp-hook-secret', carrier: 'test-carrier-hook-secret' };

/** A shop that takes webhooks, checks signature and form, and keeps the facts in the order they came. */
export interface HookReceiver {
  url: string;
  facts: ReportedFact[];
  /** Requests that were taken, by path. */
  requests: string[];
  /** What is wrong with a request that was refused: signature, form, or a fact that is not what its type says. */
  faults: string[];
  /** The status of the next answers; 202 unless it is changed. */
  answer: (facts: readonly ReportedFact[]) => number;
  /** Waits for so many facts about an order, each counted once. */
  untilFacts(orderId: string, count: number): Promise<ReportedFact[]>;
}

const validator = Compile(WebhookBody);

/** Types of facts whose data is not what the type says. */
function misfits(facts: readonly ReportedFact[]): string[] {
  const fits = ({ type, data }: ReportedFact) => Compile(EVENT_TYPES[type as EventType].data).Check(data);
  return facts.filter((fact) => !fits(fact)).map(({ type }) => type);
}

export async function startHookReceiver(t: TestContext): Promise<HookReceiver> {
  const receiver: HookReceiver = {
    url: '',
    facts: [],
    requests: [],
    faults: [],
    answer: () => 202,
    async untilFacts(orderId, count) {
      const ofOrder = () => {
        const found = receiver.facts.filter(({ data }) => (data as { order_id: string }).order_id === orderId);
        return [...new Map(found.map((fact) => [fact.id, fact])).values()];
      };
      await until(`${count} facts of ${orderId}`, () => ofOrder().length >= count);
      return ofOrder();
    },
  };
  const take = (path: string, signature: string, body: Buffer): number => {
    const secret = path.endsWith('/psp') ? HOOK_SECRETS.psp : HOOK_SECRETS.carrier;
    const { verdict } = checkSignature(secret, signature, body, Date.now());
    const value: unknown = JSON.parse(body.toString());
    if (verdict !== 'valid' || !validator.Check(value)) {
      receiver.faults.push(`${path}: signature ${verdict}, ${body}`);
      return 401;
    }
    receiver.faults.push(...misfits(value.events));
    const status = receiver.answer(value.events);
    if (status >= 300) return status;
    receiver.requests.push(path);
    receiver.facts.push(...value.events);
    return status;
  };
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const signature = String(request.headers[SIGNATURE_HEADER]);
    response.writeHead(take(request.url!, signature, Buffer.concat(pieces))).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}
