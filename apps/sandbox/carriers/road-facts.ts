import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import { transact } from '../book/desk.ts';
import type { DueFact, FactSource } from '../webhooks/hook.ts';
import { toConsignment } from './carrier-book.ts';
import { type Consignment, dueAt, factAt } from './road.ts';

export interface DueScan extends DueFact {
  consignment: Consignment;
  step: number;
}

/** The stations that a consignment has passed by now, from `step` on. */
function passed(consignment: Consignment, step: number, now: number): DueScan[] {
  const scans: DueScan[] = [];
  for (let next = step; (dueAt(consignment, next) ?? Number.POSITIVE_INFINITY) <= now; next++) {
    scans.push({ consignment, step: next, source: consignment.trackingNo, fact: factAt(consignment, next)! });
  }
  return scans;
}

/** Tells what consignments pass on their road; the position on the road is what has been told of it. */
export class RoadFacts implements FactSource<DueScan> {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async due(now: number, limit: number): Promise<DueScan[]> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(
      `SELECT c.*, r.step FROM carrier_roads r JOIN carrier_consignments c USING (tracking_no)
       WHERE r.due_at <= ${sql.integer(now)} ORDER BY r.due_at LIMIT ${sql.integer(limit)}`,
    );
    return rows.flatMap((row) => passed(toConsignment(row), row.step, now)).slice(0, limit);
  }

  async nextDueAt(): Promise<number | undefined> {
    const [rows] = await this.#pool.query<RowDataPacket[]>('SELECT due_at FROM carrier_roads ORDER BY due_at LIMIT 1');
    return rows[0] && Number(rows[0].due_at);
  }

  async done(told: readonly DueScan[]): Promise<void> {
    const furthest = new Map(told.map((scan) => [scan.source, scan]));
    const further: sql.Literal[][] = [];
    const arrived: sql.Literal[] = [];
    for (const { source, consignment, step } of furthest.values()) {
      const next = dueAt(consignment, step + 1);
      if (next === undefined) arrived.push(sql.text(source));
      else further.push([sql.text(source), sql.integer(step + 1), sql.integer(next)]);
    }
    const move = sql.insert('carrier_roads (tracking_no, step, due_at)', further);
    await transact(
      this.#pool,
      move.replace(/;$/, ' ON DUPLICATE KEY UPDATE step = VALUES(step), due_at = VALUES(due_at);') +
        (arrived.length > 0 ? `DELETE FROM carrier_roads WHERE tracking_no IN (${arrived.join(',')});` : ''),
    );
  }

  async putOff({ source, step }: DueScan, until: number): Promise<void> {
    await this.#pool.query(
      `UPDATE carrier_roads SET step = ${sql.integer(step)}, due_at = ${sql.integer(until)} WHERE tracking_no = ${sql.text(source)}`,
    );
  }
}
