/**
 * A state machine as data. Legality is by (state, trigger, condition), never by (state, state): a state reached by the
 * wrong trigger is how customers get charged for stuck orders.
 */

/** One legal step. `from` is null for what does not exist yet; `when` names what decides between targets. */
export interface Transition<State extends string = string> {
  from: State | null;
  trigger: string;
  when: string;
  to: State;
}

/** One row of a table for each state in `from`. */
export const rows = <State extends string>(
  from: readonly (State | null)[],
  trigger: string,
  when: string,
  to: State,
): Transition<State>[] => from.map((state) => ({ from: state, trigger, when, to }));

export class Machine<State extends string> {
  readonly name: string;
  readonly states: readonly State[];
  readonly transitions: readonly Transition<State>[];
  readonly #byStep = new Map<string, State>();
  readonly #legal = new Set<string>();
  readonly #left = new Set<State | null>();
  readonly #reach = new Map<State | null, Set<string>>();

  constructor(name: string, states: readonly State[], transitions: readonly Transition<State>[]) {
    this.name = name;
    this.states = states;
    this.transitions = transitions;
    for (const { from, trigger, when, to } of transitions) {
      this.#byStep.set(`${from}|${trigger}|${when}`, to);
      this.#legal.add(`${from}|${trigger}|${to}`);
      this.#left.add(from);
    }
    for (const state of [null, ...states]) this.#reach.set(state, this.#triggersAfter(state));
  }

  /** Where a step leads; undefined when the machine has no such step. */
  target(from: State | null, trigger: string, when = 'always'): State | undefined {
    return this.#byStep.get(`${from}|${trigger}|${when}`);
  }

  /** @throws {RangeError} when the machine has no such step: a bug of the caller, never of the event */
  next(from: State | null, trigger: string, when = 'always'): State {
    const to = this.target(from, trigger, when);
    if (!to) throw new RangeError(`${this.name}: no step from ${from ?? '(new)'} by ${trigger} when ${when}`);
    return to;
  }

  /** Whether the trigger means anything in this state, whatever the condition. */
  accepts(from: State | null, trigger: string): boolean {
    return this.transitions.some((row) => row.from === from && row.trigger === trigger);
  }

  /** Whether the trigger means something here or in a state that can still come: what is early, rather than late. */
  canStillAccept(from: State | null, trigger: string): boolean {
    return this.#reach.get(from)?.has(trigger) ?? false;
  }

  /** Whether a recorded step is one of the machine's (for checking a stored history). */
  isLegalStep(from: State | null, trigger: string, to: State): boolean {
    return this.#legal.has(`${from}|${trigger}|${to}`);
  }

  isFinal(state: State): boolean {
    return !this.#left.has(state);
  }

  #triggersAfter(start: State | null): Set<string> {
    const triggers = new Set<string>();
    const seen = new Set<State | null>([start]);
    const open: (State | null)[] = [start];
    while (open.length > 0) {
      const state = open.pop()!;
      for (const row of this.transitions) {
        if (row.from !== state) continue;
        triggers.add(row.trigger);
        if (seen.has(row.to)) continue;
        seen.add(row.to);
        open.push(row.to);
      }
    }
    return triggers;
  }
}
