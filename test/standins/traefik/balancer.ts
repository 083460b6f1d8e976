interface Entry<Target> {
  target: Target;
  weight: number;
  deadline: number;
}

/** Weighted round robin by earliest deadline, as Traefik has it: 90 and 10 means every tenth, not ten at a stretch. */
export class Balancer<Target> {
  readonly #entries: Entry<Target>[];
  #now = 0;

  constructor(targets: readonly { target: Target; weight: number }[]) {
    this.#entries = targets
      .filter(({ weight }) => weight > 0)
      .map(({ target, weight }) => ({ target, weight, deadline: 1 / weight }));
  }

  /** The next one that is up. */
  next(isUp: (target: Target) => boolean): Target | undefined {
    if (!this.#entries.some(({ target }) => isUp(target))) return undefined;
    for (;;) {
      const entry = this.#entries.reduce((first, other) => (other.deadline < first.deadline ? other : first));
      this.#now = entry.deadline;
      entry.deadline = this.#now + 1 / entry.weight;
      if (isUp(entry.target)) return entry.target;
    }
  }
}
