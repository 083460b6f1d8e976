/** Events between the last one stored and the one that came next. */
export interface Gap {
  partitionId: number;
  /** Sequence number of the last event that is stored; -1 when none is. */
  after: number;
  missing: number;
}

/** Events were left out on their way: thrown alone, so that the partition is read again from its stored position. */
export class SequenceGapError extends Error {
  override readonly name = 'SequenceGapError';

  constructor({ partitionId, after, missing }: Gap) {
    super(`partition ${partitionId}: ${missing} events after ${after} did not come; reading again from there`);
  }
}

/**
 * Tells events that the hub no longer has (it drops them by age, read or not) from events that got lost on the way to
 * this reader. Only reading again from the same position can: what is still missing then is gone.
 */
export class GapWatch {
  readonly #seen = new Map<number, Gap>();

  /**
   * A gap that was found at the same position before, and has not become smaller since, is one of the hub's. One that
   * shrinks is looked at again, which ends because it cannot shrink for ever.
   * @returns whether to go on behind the gap; otherwise the partition has to be read again
   */
  isGone(gap: Gap): boolean {
    const before = this.#seen.get(gap.partitionId);
    const isGone = before?.after === gap.after && gap.missing >= before.missing;
    // Answered for good: a hub that is made anew counts from the same numbers, and what it leaves out is asked for again.
    if (isGone) this.#seen.delete(gap.partitionId);
    else this.#seen.set(gap.partitionId, gap);
    return isGone;
  }
}

/**
 * Deliveries in the order of their sequence numbers up to the first gap, without those that were stored or came twice.
 * @param after the last sequence number that is stored
 */
export function untilGap<One extends { sequenceNumber: number }>(
  deliveries: readonly One[],
  after: number,
): { whole: One[]; rest: One[] } {
  const whole: One[] = [];
  let last = after;
  for (const [index, delivery] of deliveries.entries()) {
    if (delivery.sequenceNumber <= last) continue;
    if (delivery.sequenceNumber > last + 1) return { whole, rest: deliveries.slice(index) };
    whole.push(delivery);
    last = delivery.sequenceNumber;
  }
  return { whole, rest: [] };
}
