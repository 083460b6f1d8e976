import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { formatCount } from '../../ui/format.ts';
import type { Invariant, Moment } from './invariants/invariant.ts';
import { type CheckResult, MOST_OFFENDERS } from './result.ts';

/** Something that contradicts a check: what it is, and in what way. */
export interface Offender {
  offender: string;
  detail: string;
}

/** What contradicts a check as it goes along: the first by name, all by number. */
export class Faults {
  first: Offender | undefined;
  count = 0;

  add(offender: string, detail: string): void {
    this.first ??= { offender, detail };
    this.count++;
  }
}

/** The result of a check from what contradicts it; `seen` is said when nothing does. */
export function conclude(
  check: { name: string; sentence: string },
  faults: { first: Offender | undefined; count: number },
  startedAt: number,
  seen = '',
): CheckResult {
  const { first, count } = faults;
  const many = count > MOST_OFFENDERS ? `more than ${formatCount(MOST_OFFENDERS)}` : formatCount(count);
  return {
    name: check.name,
    sentence: check.sentence,
    result: first ? 'violated' : 'ok',
    detail: first ? `${first.offender}: ${first.detail}${count > 1 ? ` (${many} in all)` : ''}` : seen,
    offenders: Math.min(count, MOST_OFFENDERS),
    ms: Math.round(performance.now() - startedAt),
  };
}

export const skipped = (check: { name: string; sentence: string }, why: string): CheckResult => ({
  name: check.name,
  sentence: check.sentence,
  result: 'skipped',
  detail: why,
  offenders: 0,
  ms: 0,
});

/** Asks the database for what contradicts an invariant, in one statement: a snapshot of one moment. */
export async function checkInvariant(pool: Pool, invariant: Invariant, moment: Moment): Promise<CheckResult> {
  const startedAt = performance.now();
  const sql = `SELECT * FROM (${invariant.sql}) faults LIMIT ${MOST_OFFENDERS + 1}`;
  const [rows] = await pool.query<(Offender & RowDataPacket)[]>(sql, [...(invariant.params?.(moment) ?? [])]);
  const faults = invariant.isFault ? rows.filter(invariant.isFault) : rows;
  return conclude(invariant, { first: faults[0], count: faults.length }, startedAt);
}
