import { randomFrom } from '../random.ts';

/** Everything random of one schedule, from its seed alone. */
export class Chance {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = randomFrom(seed);
  }

  /** True in `share` of all cases. */
  happens(share: number): boolean {
    return this.next() < share;
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)]!;
  }

  /** A time span, as likely to be between 1 and 10 ms as between 1 and 10 hours' worth. */
  span(low: number, high: number): number {
    return Math.round(low * (high / low) ** this.next());
  }
}
