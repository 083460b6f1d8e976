import type { RowDataPacket } from '../../../../lib/database/connect.ts';
import { ORDER_MACHINE, ORDER_STATUSES } from '../../../../lib/domain/order-machine.ts';
import { SEED_LANE } from '../../../../lib/domain/order-sequence.ts';

/** When the books are looked at. */
export interface Moment {
  /** What should have happened before this time and has not is late. */
  lateBefore: Date;
  /** While the pipeline works only what has not changed since is looked at; at rest everything is. */
  quietBefore: Date;
}

/** A statement about the whole database; its query finds what contradicts it. */
export interface Invariant {
  name: string;
  sentence: string;
  /** Columns `offender` and `detail`, a row for each contradiction (a LIMIT is added). */
  sql: string;
  params?: (moment: Moment) => readonly unknown[];
  /** Which of the rows contradict, where SQL alone cannot say. */
  isFault?: (row: RowDataPacket) => boolean;
  /** It holds once the pipeline has come to rest; what is under way contradicts it for a moment. */
  atRest?: true;
  /** Why it says nothing while the pipeline works, where not even older rows can be judged. */
  notWhileWorking?: string;
}

export const orderName = (alias: string) => `CONCAT('order ', LOWER(HEX(${alias}.order_id)))`;

/** Orders that came through the pipeline: seeded history has neither ledger, inbox nor messages. */
export const cameThrough = (alias: string) => `(${alias}.order_seq DIV 4) MOD 1024 <> ${SEED_LANE}`;

const listOf = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/** Final statuses as a list of SQL literals. */
export const FINAL = listOf(ORDER_STATUSES.filter((status) => ORDER_MACHINE.isFinal(status)));
