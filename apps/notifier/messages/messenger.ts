import type { Pool } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import { Circuit } from '../../../lib/runtime/circuit.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { type Channel, ChannelError, type OutgoingMessage } from '../channels/channel.ts';
import type { NotifierMetrics } from '../notifier-metrics.ts';
import { type Claim, claimDue, LEASE_MS, settle } from '../queue/claims.ts';
import { forEach } from '../queue/for-each.ts';
import { MAX_TRIES, retryDelayMs } from '../queue/retry-ladder.ts';
import { type DueMessage, readMessages } from './due-messages.ts';
import { type Links, render } from './render.ts';

export interface MessengerOptions {
  channels: readonly Channel[];
  links: Links;
  /** Messages a round takes at most. */
  page: number;
}

/** What came of handing a message to one channel. `put_off`: nobody was asked. */
type Result = 'sent' | 'failed' | 'given_up' | 'put_off';

/** What becomes of a row. */
interface Change {
  dueAt: number | null;
  tries: number;
  sentTo: string[];
  lastError: string | null;
}

/** Messages under way at once. */
const CONCURRENCY = 20;
/** How long messages wait that could not be tried because a channel does not answer, and how far they are spread. */
const PUT_OFF_MS = 30_000;
const MAX_ERROR_CHARS = 300;

function toOutgoing(message: DueMessage, links: Links): OutgoingMessage {
  const { key, template, createdAt, customerRef, synthetic, facts } = message;
  const forOperations = template === 'operations_alarm';
  const text = render(template, facts, links);
  return { orderId: facts.orderId, key, template, customerRef, synthetic, forOperations, createdAt, ...text };
}

const rowOf = ({ seq, key }: DueMessage, { dueAt, tries, sentTo, lastError }: Change): sql.Literal[] => [
  sql.integer(seq),
  sql.text(key),
  sql.timeOrNull(dueAt),
  sql.integer(tries),
  sql.textOrNull(lastError?.slice(0, MAX_ERROR_CHARS)),
  sql.text(sentTo.join(',')),
];

/**
 * Sends what customers are to be told, each message once on each channel: what a channel has, the row remembers. Only
 * what was handed over in the moment before a crash is handed over again, under the name it had.
 */
export class Messenger {
  readonly #pool: Pool;
  readonly #options: MessengerOptions;
  readonly #circuits: Map<string, Circuit>;
  readonly #metrics: NotifierMetrics;
  readonly #logger: Logger;

  constructor(pool: Pool, options: MessengerOptions, metrics: NotifierMetrics, logger: Logger) {
    this.#pool = pool;
    this.#options = options;
    this.#circuits = new Map(options.channels.map(({ name }) => [name, new Circuit()]));
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /** Sends one page. Returns how many messages it had. */
  async round(signal: AbortSignal): Promise<number> {
    const claim = await claimDue(this.#pool, 'notifications', this.#options.page, Date.now());
    if (!claim) return 0;
    const messages = await readMessages(this.#pool, claim);
    const rows: sql.Literal[][] = [];
    await forEach(messages, CONCURRENCY, async (message) => {
      rows.push(rowOf(message, await this.#deliver(message, claim, signal)));
    });
    await settle(this.#pool, 'notifications', claim, rows);
    return messages.length;
  }

  async #deliver(message: DueMessage, claim: Claim, signal: AbortSignal): Promise<Change> {
    const outgoing = this.#write(message);
    if (outgoing instanceof Error) return giveUp(message, outgoing.message);
    const sentTo = [...message.sentTo];
    const errors: string[] = [];
    const results = new Set<Result>();
    for (const channel of this.#options.channels) {
      const { name } = channel;
      if (sentTo.includes(name) || sentTo.includes(`-${name}`) || !channel.takes(outgoing)) continue;
      const isLast = message.tries + 1 >= MAX_TRIES;
      const { result, error } = await this.#send(channel, outgoing, claim, isLast, signal);
      this.#metrics.messages.inc({ channel: name, outcome: result });
      results.add(result);
      if (result === 'sent') sentTo.push(name);
      if (result === 'given_up') sentTo.push(`-${name}`);
      if (error) errors.push(`${name}: ${error}`);
    }
    const wasTried = ['sent', 'failed', 'given_up'].some((result) => results.has(result as Result));
    const tries = message.tries + (wasTried ? 1 : 0);
    const keptError = sentTo.some((name) => name.startsWith('-')) ? message.lastError : null;
    return { dueAt: nextDue(results, tries), tries, sentTo, lastError: errors.join('; ') || keptError };
  }

  /** A text that a newer version knows and this one does not must not hold up the others. */
  #write(message: DueMessage): OutgoingMessage | Error {
    try {
      return toOutgoing(message, this.#options.links);
    } catch (error) {
      this.#logger.error({ err: error, template: message.template }, 'a message has no text');
      return error as Error;
    }
  }

  async #send(
    channel: Channel,
    message: OutgoingMessage,
    claim: Claim,
    isLast: boolean,
    signal: AbortSignal,
  ): Promise<{ result: Result; error?: string }> {
    const circuit = this.#circuits.get(channel.name)!;
    const now = Date.now();
    // In the second half of the lease nothing is begun: it could end while a slow receiver still thinks.
    const isLate = now > claim.until - LEASE_MS / 2;
    if (signal.aborted || isLate) return { result: 'put_off' };
    if (!circuit.admits(now)) return { result: 'put_off', error: 'does not answer' };
    try {
      await channel.send(message, signal);
      if (circuit.succeeded(Date.now())) this.#logger.info({ channel: channel.name }, 'a channel is there again');
      return { result: 'sent' };
    } catch (error) {
      return this.#failed(channel, circuit, message, isLast, error as Error);
    }
  }

  #failed(
    { name }: Channel,
    circuit: Circuit,
    { orderId, key }: OutgoingMessage,
    isLast: boolean,
    error: Error,
  ): { result: Result; error: string } {
    const why = error instanceof ChannelError ? error.why : undefined;
    const reason = error.message;
    if (why === undefined) this.#logger.error({ err: error, channel: name }, 'a channel failed');
    // Who turns one message down is there.
    if (why === 'refused' || why === 'never') circuit.succeeded(Date.now());
    else if (circuit.failed(Date.now())) this.#logger.warn({ channel: name, reason }, 'a channel does not answer');
    if (why !== 'never' && !isLast) return { result: 'failed', error: reason };
    this.#logger.warn({ channel: name, orderId, key, reason }, 'a message is given up');
    return { result: 'given_up', error: reason };
  }
}

const giveUp = ({ tries, sentTo }: DueMessage, lastError: string): Change => ({
  dueAt: null,
  tries: tries + 1,
  sentTo,
  lastError,
});

/** null when every channel has it or was given up. */
function nextDue(results: ReadonlySet<Result>, tries: number): number | null {
  if (results.has('failed')) return Date.now() + retryDelayMs(tries);
  return results.has('put_off') ? Date.now() + PUT_OFF_MS * (1 + Math.random()) : null;
}
