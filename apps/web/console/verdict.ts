import type { Board, Partition } from '../api/staff.ts';

export type Mood = 'good' | 'warning' | 'bad';

export interface Finding {
  mood: Mood;
  title: string;
  /** What to do, or what it means. */
  text: string;
}

const plain = new Intl.NumberFormat('en');
export const count = (number: number): string => plain.format(number);
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** Behind for this long without a step forward: it is not a peak any more. */
const STUCK_MS = 10_000;
/** Behind for this long although it moves. */
const LATE_MS = 15_000;

const since = (now: string, then: string | null): number => (then === null ? 0 : Date.parse(now) - Date.parse(then));

/** For how many seconds a partition has been behind. */
export const lagSeconds = (board: Board, { behind_since }: Partition): number =>
  Math.max(0, Math.round(since(board.at, behind_since) / 1_000));

/** Events wait there, and nothing has been stored for a while. */
export const isStuck = ({ at }: Board, { behind, behind_since, stored_at }: Partition): boolean =>
  (behind ?? 0) > 0 && Math.min(since(at, behind_since), since(at, stored_at)) >= STUCK_MS;

const isLate = ({ at }: Board, { behind, behind_since }: Partition): boolean =>
  (behind ?? 0) > 0 && since(at, behind_since) >= LATE_MS;

const names = (partitions: readonly Partition[]): string =>
  `partition${partitions.length === 1 ? '' : 's'} ${partitions.map(({ partition }) => partition).join(', ')}`;

function* troubles(board: Board): Generator<Finding> {
  const { partitions, dead_letters, behind } = board;
  const unread = partitions.filter(({ owner }) => owner === null);
  const stuck = partitions.filter((one) => isStuck(board, one) && one.owner !== null);
  if (unread.length > 0) {
    const them = unread.length === 1 ? 'it' : 'them';
    const text = `No consumer holds ${them}. Orders are still taken; see whether a consumer runs (oms status).`;
    yield { mood: 'bad', title: `Nobody reads ${names(unread)}`, text };
  }
  if (stuck.length > 0) {
    const text = 'Events wait there and none is stored. The reason is in the log of its consumer (oms logs consumer).';
    yield { mood: 'bad', title: `No progress on ${names(stuck)}`, text };
  }
  if (dead_letters.open > 0) {
    const title = `${counted(dead_letters.open, 'dead letter')} ${dead_letters.open === 1 ? 'waits' : 'wait'} for you`;
    yield { mood: 'warning', title, text: 'They are listed below, with what to do about them.' };
  }
  if (stuck.length === 0 && partitions.some((one) => isLate(board, one))) {
    const text = 'More comes in than is stored, or a pause is being made up for. Nothing is lost.';
    yield { mood: 'warning', title: `${counted(behind ?? 0, 'event')} behind`, text };
  }
  if (partitions.length > 0 && behind === null) {
    const text = 'How far the database is behind it cannot be told. Orders may be refused until it answers again.';
    yield { mood: 'warning', title: 'The event hub does not answer', text };
  }
}

const CALM: Finding = {
  mood: 'good',
  title: 'Everything flows',
  text: 'All events are stored, and nothing waits for you.',
};
const EMPTY: Finding = {
  mood: 'good',
  title: 'Waiting for the first order',
  text: 'No event has been stored yet. Order something in the shop, or let oms simulate do it.',
};

/** What there is to say, the worst first; never nothing. */
export function findingsOf(board: Board): [Finding, ...Finding[]] {
  const [first, ...more] = troubles(board);
  return first ? [first, ...more] : [board.partitions.length === 0 ? EMPTY : CALM];
}
