interface Entry<Target> {
  target: Target;
  weight: number;
  /** Of its turns, those that it has had and the next. */
  turns: number;
}

/** A turn's deadline is worked out from their number: sums of fractions would be rounded, and two turns change places. */
const deadline = ({ turns, weight }: Entry<unknown>): number => turns / weight;

/** Weighted round robin by earliest deadline, as Traefik has it: 90 and 10 means every tenth, not ten at a stretch. */
export class Balancer<Target> {
  readonly #entries: Entry<Target>[];

  constructor(targets: readonly { target: Target; weight: number }[]) {
    this.#entries = targets
      .filter(({ weight }) => weight > 0)
      .map(({ target, weight }) => ({ target, weight, turns: 1 }));
  }

  /** The next one that is up. */
  next(isUp: (target: Target) => boolean): Target | undefined {
    if (!this.#entries.some(({ target }) => isUp(target))) return undefined;
    for (;;) {
      const entry = this.#entries.reduce((first, other) => (deadline(other) < deadline(first) ? other : first));
      entry.turns++;
      if (isUp(entry.target)) return entry.target;
    }
  }
}
