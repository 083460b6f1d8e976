import { SIGNATURE_HEADER, signWebhook } from '../../../lib/integration/webhook-signature.ts';
import { backOff } from '../../../lib/runtime/backoff.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import type { Faults } from '../faults.ts';
import { Alarm } from './alarm.ts';

/** One thing the shop has to be told; sent again it is the same in every byte of its own. */
export interface Fact {
  id: string;
  type: string;
  time: string;
  data: object;
}

/** A fact on its way; `source` names the row it comes from, whose facts stay in their order. */
export interface DueFact {
  fact: Fact;
  source: string;
}

/** Where facts wait until the shop has them. */
export interface FactSource<Due extends DueFact> {
  /** What is due, in the order it is to be told; at most `limit`. */
  due(now: number, limit: number): Promise<Due[]>;
  /** When the next will be; undefined when nothing waits. */
  nextDueAt(): Promise<number | undefined>;
  /** The shop has them. */
  done(told: readonly Due[]): Promise<void>;
  /** The shop refuses this one: it is tried again at `until`, and does not hold up the others. */
  putOff(refused: Due, until: number): Promise<void>;
}

export interface HookOptions {
  /** Where facts go: http://host/hooks/psp. */
  url: string;
  secret: string;
  faults: Faults;
  logger: Logger;
  count: (outcome: 'told' | 'failed' | 'refused', facts: number) => void;
}

const MAX_FACTS = 500;
/** Between two posts, so that facts gather. */
const PAUSE_MS = 20;
/** Nothing due: looked at again by then, whoever may have put something there. */
const IDLE_MS = 5_000;
const ANSWER_DEADLINE_MS = 10_000;
const PUT_OFF_MS = 60_000;
/** So many failures in a row are worth telling an operator. */
const PATIENCE = 3;

/** The body itself is at fault, so that others may pass without the one that is wrong. */
const REFUSALS = new Set([400, 413, 422]);

/** Tells the shop what is due, at least once and signed: what was not acknowledged with 2xx is told again. */
export class Hook<Due extends DueFact> {
  readonly #source: FactSource<Due>;
  readonly #options: HookOptions;
  readonly #alarm = new Alarm();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  /** @param ready the tables are there */
  constructor(source: FactSource<Due>, ready: Promise<void>, options: HookOptions) {
    this.#source = source;
    this.#options = options;
    this.#running = ready.then(() => this.#loop());
  }

  /** Something is due then, perhaps before anything that was known. */
  wake(dueAt: number): void {
    this.#alarm.moveTo(dueAt);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#alarm.moveTo(0);
    await this.#running;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    const { logger, url } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#tellDue();
        if (failures >= PATIENCE) logger.info({ url, failures }, 'webhooks are delivered again');
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        failures += 1;
        if (failures === PATIENCE)
          logger.warn({ url, reason }, 'webhooks are not delivered; tried again until they are');
        await backOff(failures, signal);
      }
    }
  }

  async #tellDue(): Promise<void> {
    const due = await this.#source.due(Date.now(), MAX_FACTS);
    if (due.length > 0) await this.#tell(due, new Set());
    const pause = Date.now() + PAUSE_MS;
    // Moved before it is asked: what is put off meanwhile must not be slept over.
    this.#alarm.set(Date.now() + IDLE_MS);
    const next = due.length === MAX_FACTS ? 0 : await this.#source.nextDueAt();
    if (next !== undefined) this.#alarm.moveTo(next);
    await this.#alarm.ring(pause, this.#stopping.signal);
  }

  /** @param refused rows whose facts are not told any further */
  async #tell(all: readonly Due[], refused: Set<string>): Promise<void> {
    const due = all.filter(({ source }) => !refused.has(source));
    if (due.length === 0) return;
    const status = await this.#post(due).catch((error: unknown) => {
      this.#options.count('failed', due.length);
      throw error;
    });
    if (status >= 200 && status < 300) {
      this.#options.count('told', due.length);
      return this.#source.done(due);
    }
    this.#options.count('failed', due.length);
    if (!REFUSALS.has(status)) throw new Error(`the shop answered ${status}`);
    const middle = Math.ceil(due.length / 2);
    if (due.length === 1) return this.#refuse(due[0]!, status, refused);
    await this.#tell(due.slice(0, middle), refused);
    await this.#tell(due.slice(middle), refused);
  }

  async #refuse(due: Due, status: number, refused: Set<string>): Promise<void> {
    const { logger, count } = this.#options;
    logger.warn(
      { factId: due.fact.id, type: due.fact.type, status },
      'the shop refuses a fact; it is told again later',
    );
    count('refused', 1);
    refused.add(due.source);
    await this.#source.putOff(due, Date.now() + PUT_OFF_MS);
  }

  async #post(due: readonly Due[]): Promise<number> {
    const { url, secret, faults } = this.#options;
    const body = Buffer.from(JSON.stringify({ events: due.map(({ fact }) => fact) }));
    if (faults.dropsWebhook()) throw new Error('lost on the way, as the faults ask for');
    const now = Date.now();
    const { signal } = this.#stopping;
    const status = await send(url, body, signWebhook(secret, body, now), signal);
    // A second later, as a signature is taken once.
    return faults.duplicatesWebhook() ? send(url, body, signWebhook(secret, body, now + 1_000), signal) : status;
  }
}

async function send(url: string, body: Buffer<ArrayBuffer>, signature: string, stopping: AbortSignal): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
    redirect: 'manual',
    signal: AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_DEADLINE_MS)]),
  });
  await response.body?.cancel();
  return response.status;
}
