import type { FaultKind, FaultRule, FaultSettings, FaultSide } from './fault-rules.ts';

/** What is to go wrong now. */
export interface Fault {
  kind: FaultKind;
  delayMs: number;
  /** Of a batch that meets a detach or a drop: it is stored all the same, and its producer never learns that. */
  stored: boolean;
}

const DEFAULT_SEED = 1;
const DEFAULT_DELAY_MS = 500;
/** Keeps the rules' sequences apart (the golden ratio in 32 bits). */
const SEED_STEP = 0x9e37_79b9;

/** A small generator with a seed (mulberry32), so that a run can be repeated. @returns 0 to 1 */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

interface Switch {
  rule: FaultRule;
  random: () => number;
  left: number;
}

const fits = ({ side, hub, partition }: FaultRule, at: { side: FaultSide; hub: string; partition: string }): boolean =>
  (side === undefined || side === at.side) &&
  (hub === undefined || hub.toLowerCase() === at.hub.toLowerCase()) &&
  (partition === undefined || partition === at.partition);

/** Decides what goes wrong on purpose. Without rules nothing does, and `active` is all that is asked. */
export class FaultSwitches {
  readonly #observe: (kind: FaultKind, side: FaultSide) => void;
  #settings: FaultSettings = { rules: [] };
  #switches: Switch[] = [];
  /** Whether there is any rule. */
  active = false;

  /** @param observe hears of every fault */
  constructor(observe: (kind: FaultKind, side: FaultSide) => void = () => {}) {
    this.#observe = observe;
  }

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** Puts these rules in the place of the ones before, and begins their random numbers anew. */
  set(settings: FaultSettings): void {
    const { seed = DEFAULT_SEED, rules } = settings;
    this.#settings = { seed, rules };
    this.#switches = rules.map((rule, index) => ({
      rule,
      random: randomFrom(seed + index * SEED_STEP),
      left: rule.times ?? Number.POSITIVE_INFINITY,
    }));
    this.active = rules.length > 0;
  }

  /** What goes wrong with a batch that arrives, or with an event that is about to leave; mostly null. */
  draw(side: FaultSide, hub: string, partition: string): Fault | null {
    const at = { side, hub, partition };
    for (const entry of this.#switches) {
      if (entry.left === 0 || !fits(entry.rule, at) || entry.random() >= entry.rule.rate) continue;
      entry.left--;
      this.#observe(entry.rule.fault, side);
      return {
        kind: entry.rule.fault,
        delayMs: entry.rule.delayMs ?? DEFAULT_DELAY_MS,
        stored: entry.random() < 0.5,
      };
    }
    return null;
  }
}
