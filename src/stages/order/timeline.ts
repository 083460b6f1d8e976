import { type EventType, triggerOf } from '../../../lib/domain/event-types.ts';
import { bookedAmounts } from './booked-amounts.ts';
import type { OrderRecord, RecordedEvent, RecordedScan, RecordedStep } from './record.ts';
import { actorOf, eventWords, reasonWords, STATUS_WORDS } from './words.ts';

/** One thing that happened to an order. */
export interface Happening {
  at: Date;
  /** Who said so; empty for the consumer's own decisions. */
  actor: string;
  text: string;
  /** The money that it moved. */
  amount_minor: number | null;
  /** The status it led to, in the customer's words. */
  status: string | null;
  /** What became of an event that changed nothing: early, late, refused. */
  verdict: string | null;
}

interface Parts {
  steps: RecordedStep[];
  event?: RecordedEvent;
  scan?: RecordedScan;
}

const scanText = ({ parcel, status, place }: RecordedScan): string =>
  `parcel ${parcel} ${status.replaceAll('_', ' ')}${place ? ` in ${place}` : ''}`;

function textOf({ steps, event, scan }: Parts, risk: OrderRecord['risk']): string {
  if (scan) return scanText(scan);
  const trigger = event ? triggerOf(event.type as EventType) : steps[0]!.trigger;
  const decided = steps.some((step) => step.trigger === 'decide') && risk;
  return eventWords(trigger) + (decided ? `, fraud score ${risk.score.toFixed(2)} (${risk.decision})` : '');
}

function statusOf(steps: readonly RecordedStep[]): string | null {
  const last = steps.at(-1);
  if (!last) return null;
  return STATUS_WORDS[last.to] + (last.reason ? `: ${reasonWords(last.reason)}` : '');
}

const verdictOf = (event: RecordedEvent | undefined): string | null =>
  event && event.verdict !== 'applied' ? `${event.verdict}${event.detail ? `: ${event.detail}` : ''}` : null;

function toHappening(parts: Parts, risk: OrderRecord['risk'], amounts: ReadonlyMap<string, number>): Happening {
  const { steps, event, scan } = parts;
  const placed = steps[0]?.trigger === 'order.placed';
  return {
    at: (steps[0] ?? event ?? scan)!.at,
    actor: event ? actorOf(event.source) : placed ? 'shop' : '',
    text: textOf(parts, risk),
    amount_minor: (event && amounts.get(event.event)) ?? null,
    status: statusOf(steps),
    verdict: verdictOf(event),
  };
}

/** Of what one transaction wrote: scans by the carrier's clock, steps by their number. */
function together(a: Parts, b: Parts): number {
  if (a.scan && b.scan) return a.scan.at.getTime() - b.scan.at.getTime();
  return (a.steps[0]?.version ?? Number.MAX_SAFE_INTEGER) - (b.steps[0]?.version ?? Number.MAX_SAFE_INTEGER);
}

/** Steps, events and scans as one sequence: what belongs to one event is one entry. */
export function timelineOf({ steps, events, scans, risk, ledger }: OrderRecord): Happening[] {
  const amounts = bookedAmounts(ledger);
  const byEvent = new Map<string, Parts>();
  const partsOf = (id: string): Parts => {
    const found = byEvent.get(id) ?? { steps: [] };
    byEvent.set(id, found);
    return found;
  };
  for (const step of steps) partsOf(step.event).steps.push(step);
  for (const event of events) partsOf(event.event).event = event;
  for (const scan of scans) partsOf(scan.event).scan = scan;
  return [...byEvent.values()]
    .map((parts) => ({ parts, happening: toHappening(parts, risk, amounts) }))
    .sort((a, b) => a.happening.at.getTime() - b.happening.at.getTime() || together(a.parts, b.parts))
    .map(({ happening }) => happening);
}
