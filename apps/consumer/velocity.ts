import type { RowDataPacket } from '../../lib/database/connect.ts';
import * as sql from '../../lib/database/sql-text.ts';
import type { OrderPlacedData } from '../../lib/domain/order-events.ts';
import { VELOCITY_WINDOW_MS, type Velocity } from '../../lib/risk/velocity.ts';

/** What orders of the last hour are counted by: the column of risk_assessments, or the customer. */
const TRAITS = ['ip', 'device', 'address'] as const;
type Trait = 'customer' | (typeof TRAITS)[number];

function traitsOf(data: OrderPlacedData): [Trait, string][] {
  const { ip_hash, device_hash, address_hash } = data.risk_signals ?? {};
  const traits: [Trait, string | undefined][] = [
    ['customer', data.customer_ref],
    ['ip', ip_hash],
    ['device', device_hash],
    ['address', address_hash],
  ];
  return traits.filter((trait): trait is [Trait, string] => trait[1] !== undefined);
}

/** How often each circumstance of an order was seen within the last hour, this batch's own orders included. */
export class VelocityCounts {
  readonly #counts = new Map<string, number>();

  /** @param rows `trait`, `value`, `n`, as {@link selectVelocity} gives them */
  constructor(rows: readonly RowDataPacket[]) {
    for (const row of rows) this.#counts.set(`${row.trait}|${row.value}`, Number(row.n));
  }

  /** What there was before this order, which counts from now on. */
  next(data: OrderPlacedData): Velocity {
    const velocity: Velocity = { customer: 0, ip: 0, device: 0, address: 0 };
    for (const [trait, value] of traitsOf(data)) {
      const key = `${trait}|${value}`;
      const count = this.#counts.get(key) ?? 0;
      velocity[trait] = count;
      this.#counts.set(key, count + 1);
    }
    return velocity;
  }
}

/** One statement that counts what the orders of a batch have in common with those of the last hour; '' for none. */
export function selectVelocity(placed: readonly OrderPlacedData[], nowMs: number): string {
  const since = sql.time(nowMs - VELOCITY_WINDOW_MS);
  const values = new Map<Trait, Set<string>>();
  for (const [trait, value] of placed.flatMap(traitsOf)) {
    values.set(trait, (values.get(trait) ?? new Set()).add(value));
  }
  const list = (trait: Trait) => [...values.get(trait)!].map(sql.text).join(',');
  const counts = TRAITS.filter((trait) => values.has(trait)).map(
    (trait) => `SELECT '${trait}' AS trait, ${trait}_hash AS value, COUNT(*) AS n FROM risk_assessments
      WHERE ${trait}_hash IN (${list(trait)}) AND at > ${since} GROUP BY ${trait}_hash`,
  );
  if (values.has('customer')) {
    counts.push(`SELECT 'customer' AS trait, customer_ref AS value, COUNT(*) AS n FROM orders
      WHERE customer_ref IN (${list('customer')}) AND placed_at > ${since} GROUP BY customer_ref`);
  }
  return counts.join(' UNION ALL ');
}
