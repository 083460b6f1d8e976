import { setTimeout as sleep } from 'node:timers/promises';
import { requestHash } from '../../../../lib/domain/canonical.ts';
import { orderIdFor } from '../../../../lib/domain/ids.ts';
import type { OrderRequest } from '../../../../lib/domain/order-request.ts';
import type { PricedProduct } from '../../../../lib/domain/pricing.ts';
import type { EventSender } from '../../../../lib/streaming/batching-sender.ts';
import type { OrderApi } from '../../../adapters/http/order-api.ts';
import { messageOf } from '../../../errors.ts';
import { formatCount } from '../../../ui/format.ts';
import type { Labels, ManifestEntry } from '../../runs/manifest.ts';
import type { Companion, CompanionReport, ViewLine } from '../companion.ts';
import type { Settled } from '../load-generator.ts';
import type { PlannedOrder } from '../order-source.ts';
import { readOutcome } from '../outcome.ts';
import { retryDelay } from '../retries.ts';
import type { RunScope } from '../run-orders.ts';
import { type BadEvent, type BadRequest, describeExpected } from './bad-input.ts';
import { type Disturbance, type Disturbed, type Duplicate, disturbanceOf } from './choice.ts';
import { findSurprises, type Sent, type Surprise } from './evidence.ts';
import { placedEvent } from './placed-event.ts';

export interface DisturberOptions {
  api: OrderApi;
  /** Past the order API, straight into the hub; undefined where that is not ours. */
  hub: EventSender | undefined;
  productOf: (sku: string) => PricedProduct;
  run: string;
  seed: number;
  disturbed: Disturbed;
  writeDown: (entry: ManifestEntry) => void;
}

/** What the answer to a request that is repeated does not need to say. */
const NOTHING_SPECIAL = { retryAfterMs: undefined, replayed: true };
/** A program that does not wait for an answer asks so many times at once. */
const STORM = 5;
const PROOF_DEADLINE_MS = 20_000;
const PROOF_POLL_MS = 250;
/** As long as customers go on asking: a hub that was killed on a busy machine may take most of that to come back. */
const HUB_PATIENCE_MS = 60_000;
const SHOWN_SURPRISES = 10;

/** A bad order, what came of it, and what should have. */
interface BadLine {
  n: number;
  key: string;
  customer: string;
  orderId: string;
  kind: string;
  expected: Sent['expected'];
  hash: string;
  /** Null when it becomes no order. */
  total: number | null;
  reason: string;
}

const manifestLine = ({ n, key, customer, orderId, kind, expected, hash, total, reason }: BadLine): ManifestEntry => ({
  n,
  key,
  customer,
  order_id: orderId,
  hash,
  planned_at: new Date().toISOString(),
  outcome: total === null ? 'failed' : 'accepted',
  total_minor: total,
  ...(total === null && { reason }),
  labels: { bad: { kind, expected: describeExpected(expected) } },
});

/** Status and code of an answer, or what went wrong; the total of an order that was taken. */
function readAnswer(answer: { status: number; body: string } | Error): { text: string; total: number | null } {
  if (answer instanceof Error) return { text: messageOf(answer), total: null };
  const code = /"code":"(\w+)"/.exec(answer.body)?.[1] ?? '';
  const total = /"total_minor":(\d+)/.exec(answer.body)?.[1];
  return { text: `${answer.status} ${code}`.trim(), total: total === undefined ? null : Number(total) };
}

/** Sends orders once more, and input that nobody should send, beside the orders of a run. */
export class Disturber implements Companion {
  private readonly options: DisturberOptions;
  private readonly sent: Sent[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly duplicates = { sent: 0, unexpected: new Map<string, number>() };
  private scope: RunScope | undefined;
  private readonly over = new AbortController();

  constructor(options: DisturberOptions) {
    this.options = options;
  }

  start(scope: RunScope): void {
    this.scope = scope;
  }

  labels({ n }: PlannedOrder): Labels {
    const { duplicate } = this.choose(n);
    return duplicate === null ? {} : { duplicate };
  }

  settled({ order, outcome }: Settled): void {
    const { duplicate, bad } = this.choose(order.n);
    if (duplicate && outcome === 'accepted') this.follow(this.repeat(duplicate, order));
    if (bad) this.follow('request' in bad ? this.sendRequest(bad.request, order) : this.sendEvent(bad.event, order));
  }

  /** Waits until what came of the bad input can be seen; a database that is away shows nothing yet. */
  async finish(end: AbortSignal): Promise<void> {
    if (end.aborted) this.over.abort();
    end.addEventListener('abort', () => this.over.abort(), { once: true });
    await Promise.all(this.underWay);
    const deadline = performance.now() + PROOF_DEADLINE_MS;
    while (!end.aborted && performance.now() < deadline) {
      const surprises = await this.look().catch(() => undefined);
      if (surprises?.length === 0) return;
      await sleep(PROOF_POLL_MS);
    }
  }

  view(): ViewLine {
    const cells = [`bad input ${formatCount(this.sent.length)}`, `sent again ${formatCount(this.duplicates.sent)}`];
    return { label: 'beside', cells };
  }

  async report(): Promise<CompanionReport> {
    const found = await this.look();
    const unexpected = Object.fromEntries(this.duplicates.unexpected);
    const wrong = Object.values(unexpected).reduce((sum, count) => sum + count, 0);
    const bad = this.sent.length;
    const asExpected = bad - found.length;
    const surprises = found.slice(0, SHOWN_SURPRISES);
    return {
      result: {
        bad_input: { sent: bad, as_expected: asExpected, surprises },
        sent_again: { times: this.duplicates.sent, unexpected },
      },
      thresholds: [
        { name: 'bad input', wanted: `${bad} as expected`, got: formatCount(asExpected), ok: asExpected === bad },
        { name: 'sent again and answered otherwise', wanted: '0', got: formatCount(wrong), ok: wrong === 0 },
      ],
    };
  }

  private choose(n: number): Disturbance {
    return disturbanceOf(this.options.seed, n, this.options.disturbed);
  }

  private look(): Promise<Surprise[]> {
    return this.scope ? findSurprises(this.scope.pool, this.sent, this.scope.startedAt) : Promise.resolve([]);
  }

  private follow(work: Promise<void>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  private async repeat(duplicate: Duplicate, order: PlannedOrder): Promise<void> {
    if (duplicate === 'same_event' || duplicate === 'new_event_id') return this.repeatEvent(duplicate, order);
    const times = duplicate === 'retry_storm' ? STORM : 1;
    await Promise.all(Array.from({ length: times }, () => this.repeatRequest(order)));
  }

  private async repeatRequest({ body, key, orderId }: PlannedOrder): Promise<void> {
    this.duplicates.sent++;
    const answer = await this.post(body, key);
    const outcome = readOutcome(answer instanceof Error ? answer : { ...answer, ...NOTHING_SPECIAL }, orderId);
    if (outcome.kind === 'failed') this.noteUnexpected(outcome.reason);
  }

  private async repeatEvent(duplicate: Duplicate, { body, key }: PlannedOrder): Promise<void> {
    const event = placedEvent(JSON.parse(body), key, this.options.productOf);
    const id = duplicate === 'same_event' ? event.id : orderIdFor('again', key);
    this.duplicates.sent++;
    await this.publish(event.partitionkey, JSON.stringify({ ...event, id })).catch((error: unknown) => {
      this.noteUnexpected(messageOf(error));
    });
  }

  private noteUnexpected(what: string): void {
    const { unexpected } = this.duplicates;
    unexpected.set(what, (unexpected.get(what) ?? 0) + 1);
  }

  private async sendRequest({ kind, expected, spoil }: BadRequest, order: PlannedOrder): Promise<void> {
    const bad = this.badOrder(order);
    const body = spoil(bad.request);
    const answer = await this.postUntilFinal(body, bad);
    const { text, total } = readAnswer(answer);
    this.sent.push({ ...bad, kind, expected, answer: text });
    const hash = total === null ? requestHash(bad.request) : requestHash(JSON.parse(body));
    this.options.writeDown(manifestLine({ ...bad, kind, expected, hash, total, reason: text }));
  }

  private async sendEvent({ kind, expected, spoil }: BadEvent, order: PlannedOrder): Promise<void> {
    const bad = this.badOrder(order);
    const event = placedEvent(bad.request, bad.key, this.options.productOf);
    const body = spoil(event);
    const answer = await this.publish(event.partitionkey, body).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    this.sent.push({ ...bad, kind, expected, answer });
    const becomesOrder = 'stored' in expected || 'rejected' in expected;
    const total = becomesOrder && answer === undefined ? (JSON.parse(body).data.total_minor as number) : null;
    const hash = event.data.request_hash;
    this.options.writeDown(manifestLine({ ...bad, kind, expected, hash, total, reason: describeExpected(expected) }));
  }

  /** An order like this one, under a key of its own that says what it is. */
  private badOrder({ n, body, customer }: PlannedOrder) {
    const key = `bad-${this.options.run}-${n}`;
    const request: OrderRequest = JSON.parse(body);
    return { n, key, customer, request, orderId: orderIdFor(customer, key) };
  }

  private post(body: string, key: string): Promise<{ status: number; body: string } | Error> {
    return this.options.api.request({ method: 'POST', path: '/api/orders', body, key }).catch((error: Error) => error);
  }

  /** A server that is gone says nothing about the input: it is asked again, as for any order, while the run goes on. */
  private async postUntilFinal(body: string, { key, orderId }: { key: string; orderId: string }) {
    const { signal } = this.over;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.post(body, key);
      const { kind } = readOutcome(answer instanceof Error ? answer : { ...answer, ...NOTHING_SPECIAL }, orderId);
      if (kind !== 'again' || signal.aborted) return answer;
      await this.pause(attempt);
    }
  }

  /** A hub that is gone says nothing about the event: it is handed in again, and is one event however often it arrives. */
  private async publish(partitionKey: string, body: string): Promise<void> {
    const { signal } = this.over;
    const deadline = performance.now() + HUB_PATIENCE_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.options.hub?.send({ partitionKey, body: Buffer.from(body) });
      } catch (error) {
        if (signal.aborted || performance.now() > deadline) throw error;
        await this.pause(attempt);
      }
    }
  }

  /** Between two tries; the end of the run ends it. */
  private pause(attempt: number): Promise<void> {
    const { signal } = this.over;
    return sleep(retryDelay(attempt, undefined, Math.random), undefined, { signal }).catch(() => {});
  }
}
