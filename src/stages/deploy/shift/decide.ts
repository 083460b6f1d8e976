/** Requests a colour answered, and how many of the answers were 5xx. */
export interface Counts {
  requests: number;
  failed: number;
}

/** What a shift is held to. */
export interface Limits {
  /** How long a step lasts at least. */
  seconds: number;
  /** Share of answers of the new release that may be 5xx, such as 0.01. */
  budget: number;
  /** Requests of the new release a step waits for, so that a share means something. */
  minRequests: number;
  /** How long a step waits for them at most; two looks longer where a server has just gone away. */
  deadlineSeconds: number;
}

/** What was seen since a step began. */
export interface Observation {
  elapsedSeconds: number;
  next: Counts;
  /** Of the release that runs; none on the last step. */
  current: Counts;
  /** How often in a row the proxy found a server of the new release away. */
  unhealthyLooks: number;
}

export type Decision =
  | { kind: 'wait' }
  /** `quiet`: there were fewer requests than wanted, and none of them speaks against it. */
  | { kind: 'advance'; quiet: boolean }
  | { kind: 'stop'; reason: 'error-budget' | 'unhealthy' };

/** One look may be a blink of the health check. */
const UNHEALTHY_LOOKS = 3;
/** Failed answers that end a step before its time; fewer are no share of anything until it is over. */
const EVIDENCE = 3;
/** Twice what the release that runs fails at is worse than it; below that both have the same trouble. */
const WORSE = 2;

const shareOf = ({ requests, failed }: Counts): number => (requests === 0 ? 0 : failed / requests);

/** Whether the new release fails more than it may, and clearly more than the one that runs at the same time. */
function burnt({ next, current }: Observation, budget: number): boolean {
  const share = shareOf(next);
  return share > budget && share > WORSE * shareOf(current);
}

/**
 * What to do after a look at a step: a pure function of what was seen.
 * A site without visitors is shifted, too: after the deadline nothing has failed that was not asked.
 */
export function decide(seen: Observation, limits: Limits): Decision {
  if (seen.unhealthyLooks >= UNHEALTHY_LOOKS) return { kind: 'stop', reason: 'unhealthy' };
  const overBudget = burnt(seen, limits.budget);
  if (overBudget && seen.next.failed >= EVIDENCE) return { kind: 'stop', reason: 'error-budget' };
  const enough = seen.next.requests >= limits.minRequests;
  const late = seen.elapsedSeconds >= limits.deadlineSeconds;
  if (seen.elapsedSeconds < limits.seconds || !(enough || late)) return { kind: 'wait' };
  if (overBudget) return { kind: 'stop', reason: 'error-budget' };
  // The next looks say whether it was a blink: two of them at most, also past the deadline.
  if (seen.unhealthyLooks > 0) return { kind: 'wait' };
  return { kind: 'advance', quiet: !enough };
}
