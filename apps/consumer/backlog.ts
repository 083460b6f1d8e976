import type { OrderEvent } from '../../lib/domain/event-types.ts';
import { type Decoded, decode, type ParkedKey, type Sourced } from './decode.ts';
import type { Known, OpenLetter, ParkedRow } from './known.ts';

/** Why an event waits: for what has to come first, or because an earlier one of its order could not be handled. */
export type ParkReason = 'early' | 'blocked';

/** An event that waits for its turn. */
export interface Waiting {
  source: Sourced<OrderEvent>;
  key: ParkedKey;
  reason: ParkReason;
  detail: string | null;
  expiresAt: number | null;
  /** Whether it has a row; `changed` when that row has to be written anew. */
  stored: boolean;
  changed: boolean;
}

type Place = Pick<ParkedKey, 'hubCreatedAt' | 'sequenceNumber'>;

const compare = (a: Place, b: Place): number => a.hubCreatedAt - b.hubCreatedAt || a.sequenceNumber - b.sequenceNumber;

/** What was kept is as good as it was when it came, unless this version reads it differently. */
function toWaiting(row: ParkedRow): Waiting | undefined {
  const { hubCreatedAt, partitionId, sequenceNumber } = row;
  const key = { hubCreatedAt, partitionId, sequenceNumber };
  const delivery = { sequenceNumber, offset: '', enqueuedTimeUtc: row.parkedAt, body: row.body };
  const decoded: Decoded = decode(delivery, key);
  if (!('order' in decoded)) return undefined;
  const { reason, expiresAt } = row;
  return { source: decoded.order, key, reason, detail: null, expiresAt, stored: true, changed: false };
}

/** What one order's events wait for. */
interface OrderBacklog {
  waiting: Waiting[];
  letters: OpenLetter[];
}

/** The events that wait and the dead letters that hold them back, as read and as this batch changes them. */
export class Backlog {
  readonly #orders = new Map<string, OrderBacklog>();
  readonly #letters: readonly OpenLetter[];
  readonly #gone: ParkedKey[] = [];
  readonly retried: number[] = [];

  constructor({ parked, letters }: Pick<Known, 'parked' | 'letters'>) {
    this.#letters = letters;
    for (const row of parked) {
      const waiting = toWaiting(row);
      if (waiting) this.#of(row.orderId).waiting.push(waiting);
    }
    for (const letter of letters) if (letter.blocks && letter.orderId) this.#of(letter.orderId).letters.push(letter);
  }

  /** Whether an event that comes now has to wait behind others. */
  isBlocked(orderId: string): boolean {
    const backlog = this.#orders.get(orderId);
    return backlog !== undefined && (backlog.letters.length > 0 || backlog.waiting.some(isBlocked));
  }

  /** Whether the event is here already: as another copy that waits, or in the open dead letter that holds it back. */
  holds({ event }: Sourced<OrderEvent>): boolean {
    const backlog = this.#orders.get(event.data.order_id);
    if (!backlog) return false;
    return (
      backlog.letters.some(({ eventId }) => eventId === event.id) ||
      backlog.waiting.some(({ source }) => source.event.id === event.id)
    );
  }

  /** The next event that need not be held back any longer: none that comes after an open dead letter. */
  nextReleased(orderId: string): Waiting | undefined {
    const backlog = this.#orders.get(orderId);
    const first = backlog?.waiting.find(isBlocked);
    return first && backlog!.letters.every((letter) => compare(first.key, letter) < 0) ? first : undefined;
  }

  /** What came too early for the order as it was. */
  early(orderId: string): Waiting[] {
    return this.#orders.get(orderId)?.waiting.filter(({ reason }) => reason === 'early') ?? [];
  }

  /** Lets an event wait, or wait for something else. */
  park(
    source: Sourced<OrderEvent>,
    key: ParkedKey,
    why: { reason: ParkReason; detail: string | null; expiresAt: number | null },
  ): void {
    const { waiting } = this.#of(source.event.data.order_id);
    const known = waiting.find((one) => compare(one.key, key) === 0);
    if (!known) waiting.push({ source, key, ...why, stored: false, changed: true });
    else if (known.reason !== why.reason) Object.assign(known, why, { changed: true });
  }

  unpark(orderId: string, key: ParkedKey): void {
    const backlog = this.#of(orderId);
    const index = backlog.waiting.findIndex((one) => compare(one.key, key) === 0);
    if (index < 0) return;
    const [waiting] = backlog.waiting.splice(index, 1);
    if (waiting!.stored) this.#gone.push(key);
  }

  /**
   * An event was sent again: its dead letter, if that is open, is settled.
   * @param orderId the event's order; a letter of another one has nothing to do with it
   */
  resolve(letterId: number | undefined, orderId: string | null): OpenLetter | undefined {
    const letter = this.#letters.find(({ id }) => id === letterId);
    if (!letter || this.retried.includes(letter.id)) return undefined;
    if (letter.orderId !== null && letter.orderId !== orderId) return undefined;
    this.retried.push(letter.id);
    const letters = letter.orderId ? this.#orders.get(letter.orderId)?.letters : undefined;
    const index = letters?.indexOf(letter) ?? -1;
    if (index >= 0) letters!.splice(index, 1);
    return letter;
  }

  /** Rows of parked_events to write, and those to remove. */
  get changes(): { parked: Waiting[]; gone: ParkedKey[] } {
    const parked = [...this.#orders.values()].flatMap(({ waiting }) => waiting.filter(({ changed }) => changed));
    return { parked, gone: this.#gone };
  }

  #of(orderId: string): OrderBacklog {
    let backlog = this.#orders.get(orderId);
    if (!backlog) {
      backlog = { waiting: [], letters: [] };
      this.#orders.set(orderId, backlog);
    }
    return backlog;
  }
}

const isBlocked = ({ reason }: Waiting): boolean => reason === 'blocked';
