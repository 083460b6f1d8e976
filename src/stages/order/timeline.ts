import { type EventType, triggerOf } from '../../../lib/domain/event-types.ts';
import { bookedAmounts } from './booked-amounts.ts';
import type { OrderRecord, RecordedEvent, RecordedScan, RecordedStep } from './record.ts';
import { actorOf, eventWords, lifeOrder, reasonWords, STATUS_WORDS } from './words.ts';

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

function textOf(parts: Parts, risk: OrderRecord['risk']): string {
  const { steps, scan } = parts;
  if (scan) return scanText(scan);
  const decided = steps.some((step) => step.trigger === 'decide') && risk;
  const score = decided ? `, fraud score ${risk.score.toFixed(2)}: ${risk.decision}` : '';
  return eventWords(triggerOfParts(parts)) + score;
}

function statusOf(steps: readonly RecordedStep[]): string | null {
  const last = steps.at(-1);
  if (!last) return null;
  return STATUS_WORDS[last.to] + (last.reason ? `: ${reasonWords(last.reason)}` : '');
}

const verdictOf = (event: RecordedEvent | undefined): string | null =>
  event && event.verdict !== 'applied' ? `${event.verdict}${event.detail ? `: ${event.detail}` : ''}` : null;

function toHappening(parts: Parts, risk: OrderRecord['risk'], amounts: ReadonlyMap<string, number>): Happening {
  const { steps, event } = parts;
  const placed = steps[0]?.trigger === 'order.placed';
  return {
    at: new Date(timeOf(parts)),
    actor: event ? actorOf(event.source) : placed ? 'shop' : '',
    text: textOf(parts, risk),
    amount_minor: (event && amounts.get(event.event)) ?? null,
    status: statusOf(steps),
    verdict: verdictOf(event),
  };
}

const triggerOfParts = ({ steps, event }: Parts): string =>
  event ? triggerOf(event.type as EventType) : (steps[0]?.trigger ?? '');

const lifeOrderOf = (parts: Parts): number => lifeOrder(triggerOfParts(parts));

/** Scans by the carrier's clock, everything else as it comes in an order's life. */
function byLife(a: Parts, b: Parts): number {
  const scanned = a.scan && b.scan ? a.scan.at.getTime() - b.scan.at.getTime() : 0;
  return scanned || lifeOrderOf(a) - lifeOrderOf(b);
}

/** What one transaction wrote: steps by their number, and before each what comes earlier in an order's life. */
function inOrder(instant: readonly Parts[]): Parts[] {
  const told = instant
    .filter(({ steps }) => steps.length > 0)
    .sort((a, b) => a.steps[0]!.version - b.steps[0]!.version);
  for (const parts of instant.filter(({ steps }) => steps.length === 0).sort(byLife)) {
    const next = told.findIndex((one) => one.steps.length > 0 && lifeOrderOf(one) > lifeOrderOf(parts));
    told.splice(next < 0 ? told.length : next, 0, parts);
  }
  return told;
}

const timeOf = ({ steps, event, scan }: Parts): number => (steps[0] ?? event ?? scan)!.at.getTime();

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
  const instants = [...Map.groupBy(byEvent.values(), timeOf)].sort(([a], [b]) => a - b);
  return instants.flatMap(([, instant]) => inOrder(instant)).map((parts) => toHappening(parts, risk, amounts));
}
