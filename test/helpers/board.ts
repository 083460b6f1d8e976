import type { LiveBoard } from '../../apps/producer/live/board-schema.ts';
import type { LetterSummary } from '../../lib/database/list-letters.ts';

const ID = '0190a000-0000-8000-8000-00000000000';
const AT = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number) => new Date(AT + seconds * 1_000).toISOString();

/** A board of a shop that is busy and well; `change` says what is different. */
export function boardOf(change: Partial<LiveBoard> = {}): LiveBoard {
  const partition = (number: number) => ({
    ...{ partition: number, stored: 41, newest: 41, behind: 0, behind_since: null },
    ...{ stored_at: at(-1), owner: `consumer-${(number % 2) + 1}` },
  });
  return {
    at: at(0),
    open_orders: { reserved: 3, confirmed: 40, fulfilling: 12, shipped: 1_250, action_required: 2 },
    ...{ placed_per_minute: 126, confirmed_per_minute: 118, failed_per_minute: 4 },
    rates: Array.from({ length: 30 }, (_none, index) => ({
      at: at(index * 2 - 58),
      placed: index % 9,
      confirmed: (index + 8) % 9,
      failed: index % 11 === 5 ? 1 : 0,
    })),
    newest: Array.from({ length: 8 }, (_none, index) => ({
      order_id: `${ID}${index}`,
      status: index < 2 ? ('reserved' as const) : ('confirmed' as const),
      reporting_status: 'paid',
      placed_at: at(-index),
      ...{ total_minor: 4_990 + index * 1_100, currency: 'USD' },
    })),
    partitions: [0, 1, 2, 3].map(partition),
    behind: 0,
    dead_letters: { open: 0, parked: 0 },
    ...change,
  };
}

/** A dead letter without its body. */
export const letterOf = (id: number, change: Partial<LetterSummary> = {}): LetterSummary => ({
  ...{
    id,
    reason: 'handler_error',
    detail: 'not shown',
    event_type: 'oms.order.placed.v1',
    order_id: `${ID}${id % 10}`,
  },
  ...{ partition: 1, sequence_number: id, failed_at: new Date(AT), bytes: 400, waiting: 0 },
  ...change,
});

/** A board on which everything that may be wrong is wrong, and its letters. */
export function troubled(): { board: LiveBoard; letters: LetterSummary[] } {
  const [first, second, third, fourth] = boardOf().partitions;
  const letters = [
    letterOf(9, { waiting: 3 }),
    letterOf(8),
    ...[7, 6, 5, 4].map((id) =>
      letterOf(id, { reason: 'schema', detail: '/data/items/0/quantity must be integer', order_id: null }),
    ),
  ];
  const board = boardOf({
    partitions: [
      first!,
      { ...second!, behind: 1_204, behind_since: at(-42), stored_at: at(-45) },
      { ...third!, behind: 310, behind_since: at(-20) },
      { ...fourth!, owner: null, behind: 12, behind_since: at(-6) },
    ],
    behind: 1_526,
    dead_letters: { open: letters.length, parked: 3 },
  });
  return { board, letters };
}
