import { formatMinor } from '../../../lib/domain/money.ts';
import type { Template } from '../../../lib/process/notices.ts';
import { type Placeholder, TEXTS } from './templates.ts';

/** What is known of the order that a message is about. */
export interface MessageFacts {
  orderId: string;
  currency: string;
  status: string;
  totalMinor: number;
  /** What goes back, where the message is about a refund or a return. */
  amountMinor: number | null;
  returnId: string | null;
  /** On their way or delivered. */
  parcels: readonly { carrier: string; trackingNo: string }[];
}

export interface Links {
  /** Page of an order, with {order}. */
  order?: string | undefined;
  /** Page of a parcel, with {order}, {carrier} and {tracking}. */
  tracking?: string | undefined;
}

/** As people read an order number out to each other; the whole one is in the text. */
const shortNumber = (orderId: string): string => orderId.slice(0, 8).toUpperCase();

const fill = (pattern: string, values: Record<string, string>): string =>
  pattern.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

const fillLink = (pattern: string, values: Record<string, string>): string =>
  fill(pattern, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeURIComponent(value)])));

function describeParcels({ orderId, parcels }: MessageFacts, link: string | undefined): string | undefined {
  if (parcels.length === 0) return undefined;
  return parcels
    .map(({ carrier, trackingNo }) => {
      const where = link ? `\n${fillLink(link, { order: orderId, carrier, tracking: trackingNo })}` : '';
      return `${carrier} ${trackingNo}${where}`;
    })
    .join('\n');
}

function valuesOf(facts: MessageFacts, links: Links): Record<Placeholder, string | undefined> {
  return {
    order: facts.orderId,
    number: shortNumber(facts.orderId),
    total: formatMinor(facts.totalMinor, facts.currency),
    amount: facts.amountMinor === null ? undefined : formatMinor(facts.amountMinor, facts.currency),
    parcels: describeParcels(facts, links.tracking),
    return: facts.returnId ?? undefined,
    status: facts.status.replaceAll('_', ' '),
    link: links.order && fillLink(links.order, { order: facts.orderId }),
  };
}

/** The text of a message. A paragraph is left out when something it names is not known. */
export function render(template: Template, facts: MessageFacts, links: Links): { subject: string; text: string } {
  const values = valuesOf(facts, links);
  const known = Object.fromEntries(Object.entries(values).filter((entry) => entry[1] !== undefined)) as Record<
    string,
    string
  >;
  const { subject, body } = TEXTS[template];
  const isKnown = (paragraph: string) => [...paragraph.matchAll(/\{(\w+)\}/g)].every((match) => match[1]! in known);
  const paragraphs = body.filter(isKnown).map((paragraph) => fill(paragraph, known));
  return { subject: fill(subject, known), text: `${paragraphs.join('\n\n')}\n` };
}
