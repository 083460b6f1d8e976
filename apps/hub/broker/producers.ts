import { randomInt } from 'node:crypto';
import { AmqpError, Condition } from '../amqp/errors.ts';
import { type ProducerClaim, type ProducerStamp, sequenceAfter } from '../amqp/producer-stamp.ts';
import type { ProducerState, ProducerStore } from './producer-store.ts';

/** Tells whether a batch is stored: null, or why not. */
export type Done = (error: AmqpError | null) => void;

/** Beyond this many the one that was silent for longest is forgotten, and believed when it comes back. */
const MAX_PRODUCERS = 1000;
/** The file is written anew when the log has grown by this much, so that a start has little to read behind it. */
const SAVE_AFTER_BYTES = 32 * 1024 * 1024;
/** Ids are chosen at random: nobody has to keep which ones were given. */
const ID_LIMIT = 2 ** 47;

interface Producer {
  state: ProducerState;
  busy: boolean;
  waiting: Array<() => void>;
}

/**
 * The idempotent producers of one partition: each batch of one is stored once, in its order, however often it is sent.
 * Batches of one producer are taken one after the other: what is to be said of the next depends on whether this one
 * becomes durable.
 */
export class Producers {
  readonly #store: ProducerStore;
  readonly #known = new Map<number, Producer>();
  #loading: Promise<void> | null = null;
  #savedThrough = 0;
  #saving: Promise<void> = Promise.resolve();
  #saveWaits = false;

  constructor(store: ProducerStore) {
    this.#store = store;
    if (store.used) this.#load().catch(() => {});
  }

  #load(): Promise<void> {
    this.#loading ??= this.#store.load().then(
      ({ through, producers }) => {
        this.#savedThrough = through;
        for (const state of producers) this.#known.set(state.id, { state, busy: false, waiting: [] });
      },
      (error: Error) => {
        // The next one who asks tries again: retention may have removed what was being read.
        this.#loading = null;
        throw error;
      },
    );
    return this.#loading;
  }

  /**
   * Lets a producer in and answers where it is to go on.
   * @throws {AmqpError} producer-epoch-stolen when another one came later
   * @throws {Error} when what is known of the producers cannot be read or noted
   */
  async register(claim: ProducerClaim): Promise<ProducerState> {
    await this.#load();
    const id = claim.id ?? randomInt(1, ID_LIMIT);
    const { promise, resolve, reject } = Promise.withResolvers<{ state: ProducerState; changed: boolean }>();
    const isNew = !this.#known.has(id);
    this.#inTurn(this.#producer(id, claim), (producer, leave) => {
      try {
        resolve(admit(producer, claim, isNew));
      } catch (error) {
        reject(error);
      }
      leave();
    });
    const { state, changed } = await promise;
    if (changed) await this.#save();
    return { ...state, last: claim.sequence ?? state.last };
  }

  /** A producer by its id, moved to the end of those that may be forgotten; one that is not known is believed. */
  #producer(id: number, claim: ProducerClaim): Producer {
    const state = { id, epoch: claim.epoch ?? 0, first: null, last: claim.sequence ?? 0 };
    const producer = this.#known.get(id) ?? { state, busy: false, waiting: [] };
    this.#known.delete(id);
    if (this.#known.size >= MAX_PRODUCERS) this.#forgetOldest();
    this.#known.set(id, producer);
    return producer;
  }

  #forgetOldest(): void {
    for (const [id, { busy }] of this.#known) {
      if (busy) continue;
      this.#known.delete(id);
      return;
    }
  }

  /** Has `store` called for a batch that is new; answers for one that is not. */
  append(stamp: ProducerStamp, store: (done: Done) => void, done: Done): void {
    const { id, epoch, first } = stamp;
    const claim = { id, epoch, sequence: first === 0 ? 0 : first - 1 };
    this.#inTurn(this.#producer(id, claim), (producer, leave) => {
      const verdict = judge(producer.state, stamp);
      if (verdict !== 'new') {
        leave();
        done(verdict === 'repeated' ? null : verdict);
        return;
      }
      store((error) => {
        if (error === null) {
          producer.state = { ...stamp };
          this.#grown();
        }
        leave();
        done(error);
      });
    });
  }

  #inTurn(producer: Producer, work: (producer: Producer, leave: () => void) => void): void {
    const begin = () => {
      producer.busy = true;
      work(producer, () => {
        producer.busy = false;
        producer.waiting.shift()?.();
      });
    };
    if (producer.busy) producer.waiting.push(begin);
    else begin();
  }

  #grown(): void {
    if (this.#saveWaits || this.#store.endOffset - this.#savedThrough < SAVE_AFTER_BYTES) return;
    // Nothing is lost when this fails, only the next start has more to read; what fails again says so at an attach.
    this.#save().catch(() => {});
  }

  /** One save at a time; those that come while one waits share it. */
  #save(): Promise<void> {
    if (this.#saveWaits) return this.#saving;
    this.#saveWaits = true;
    this.#saving = this.#saving
      .catch(() => {})
      .then(async () => {
        this.#saveWaits = false;
        const states = [...this.#known.values()].map(({ state }) => state);
        this.#savedThrough = await this.#store.save(states);
      });
    return this.#saving;
  }

  /** Notes what is known, so that the next start has nothing to read. */
  async close(): Promise<void> {
    if (this.#known.size === 0 || this.#savedThrough === this.#store.endOffset) return;
    await this.#save().catch(() => {});
  }
}

/** Whether a producer may attach, and what has to be remembered of it then. */
function admit(producer: Producer, claim: ProducerClaim, isNew: boolean): { state: ProducerState; changed: boolean } {
  const { state } = producer;
  const epoch = claim.epoch ?? state.epoch;
  if (epoch < state.epoch) throw stolen(epoch, state.epoch);
  const changed = isNew || epoch > state.epoch;
  if (epoch > state.epoch) producer.state = { ...state, epoch, first: null, last: claim.sequence ?? state.last };
  return { state: producer.state, changed };
}

function judge(state: ProducerState, { epoch, first, last }: ProducerStamp): 'new' | 'repeated' | AmqpError {
  if (epoch < state.epoch) return stolen(epoch, state.epoch);
  if (epoch > state.epoch) {
    return new AmqpError(Condition.argumentError, `Epoch ${epoch} was not announced; the link has ${state.epoch}.`);
  }
  if (first === sequenceAfter(state.last)) return 'new';
  if (first === state.first && last === state.last) return 'repeated';
  const what = first <= state.last ? 'An old sequence number was received' : 'A sequence number was left out';
  return new AmqpError(
    Condition.outOfOrderSequence,
    `${what}: the producer's events are numbered ${first} to ${last}, ${sequenceAfter(state.last)} was to come ` +
      '(old sequence numbers are taken only as an exact repeat of the last batch).',
  );
}

const stolen = (received: number, current: number): AmqpError =>
  new AmqpError(
    Condition.producerStolen,
    `Producer is stolen by another one of the same id with a higher epoch. Received:${received} Current:${current}`,
  );
