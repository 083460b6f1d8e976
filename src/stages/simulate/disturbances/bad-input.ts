import type { OrderPlacedEvent } from '../../../../lib/domain/order-events.ts';
import type { OrderRequest } from '../../../../lib/domain/order-request.ts';

/** What has to come of bad input: an answer, a dead letter, an order that is refused, or an order as any other. */
export type Expected = { answer: string } | { deadLetter: string } | { rejected: string } | { stored: true };

export const describeExpected = (expected: Expected): string => {
  if ('answer' in expected) return expected.answer;
  if ('deadLetter' in expected) return `dead letter ${expected.deadLetter}`;
  return 'rejected' in expected ? `rejected ${expected.rejected}` : 'stored';
};

/** Bad input that the order API gets: how a good request is spoilt, and the answer it deserves. */
export interface BadRequest {
  kind: string;
  expected: Expected;
  spoil(request: OrderRequest): string;
}

/** Bad input that is sent past the order API: how a good event is spoilt, and what becomes of it. */
export interface BadEvent {
  kind: string;
  expected: Expected;
  spoil(event: OrderPlacedEvent): string;
}

/** A number that passes the check digit of cards and belongs to nobody: Visa's own for tests. */
const TEST_CARD = '4111 1111 1111 1111';
const TWO_MEBIBYTES = 2 * 1_024 * 1_024;
/** Below what a hub takes, far above what an order needs. */
const HUGE_TEXT = 700_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const firstItem = (request: OrderRequest, change: Record<string, unknown>) =>
  JSON.stringify({ ...request, items: [{ ...request.items[0], ...change }, ...request.items.slice(1)] });

const invalid: Expected = { answer: '422 validation_failed' };

export const BAD_REQUESTS: readonly BadRequest[] = [
  {
    kind: 'malformed_json',
    expected: { answer: '400 json_syntax' },
    spoil: (request) => JSON.stringify(request).slice(0, -20),
  },
  { kind: 'wrong_types', expected: invalid, spoil: (request) => firstItem(request, { quantity: 'two' }) },
  { kind: 'negative_quantity', expected: invalid, spoil: (request) => firstItem(request, { quantity: -1 }) },
  { kind: 'price_tampering', expected: invalid, spoil: (request) => firstItem(request, { unit_minor: 1 }) },
  {
    kind: 'unknown_sku',
    expected: { answer: '422 unknown_sku' },
    spoil: (request) => firstItem(request, { sku: 'NO-SUCH-SKU' }),
  },
  {
    kind: 'two_megabytes',
    expected: { answer: '413 body_too_large' },
    spoil: (request) => JSON.stringify({ ...request, note: 'x'.repeat(TWO_MEBIBYTES) }),
  },
  {
    kind: 'card_number_in_text',
    expected: { answer: '422 raw_card_forbidden' },
    spoil: (request) => JSON.stringify({ ...request, note: `please charge ${TEST_CARD}` }),
  },
  {
    kind: 'markup_in_names',
    expected: { stored: true },
    spoil: (request) =>
      JSON.stringify({
        ...request,
        ship_to: { ...request.ship_to, city: `Robert'); DROP TABLE orders;-- <script>alert(1)</script>` },
      }),
  },
];

const withData = (event: OrderPlacedEvent, change: Record<string, unknown>) =>
  JSON.stringify({ ...event, data: { ...event.data, ...change } });

const shifted = (event: OrderPlacedEvent, ms: number) =>
  JSON.stringify({ ...event, time: new Date(Date.parse(event.time) + ms).toISOString() });

/** Sells the first line for next to nothing; all sums are right, only the price is not the catalogue's. */
function undersell({ ...event }: OrderPlacedEvent): string {
  const [first, ...rest] = event.data.lines;
  const saved = (first!.unit_minor - 1) * first!.quantity;
  const { subtotal_minor, total_minor } = event.data;
  return withData(event, {
    lines: [{ ...first, unit_minor: 1 }, ...rest],
    subtotal_minor: subtotal_minor - saved,
    total_minor: total_minor - saved,
  });
}

const firstLine = ({ data }: OrderPlacedEvent, change: Record<string, unknown>) => ({
  lines: [{ ...data.lines[0], ...change }, ...data.lines.slice(1)],
});

export const BAD_EVENTS: readonly BadEvent[] = [
  {
    kind: 'broken_json',
    expected: { deadLetter: 'json_syntax' },
    spoil: (event) => JSON.stringify(event).slice(0, -20),
  },
  {
    kind: 'unknown_version',
    expected: { deadLetter: 'unsupported_version' },
    spoil: (event) => JSON.stringify({ ...event, type: 'oms.order.placed.v9' }),
  },
  {
    kind: 'unknown_type',
    expected: { deadLetter: 'unsupported_type' },
    spoil: (event) => JSON.stringify({ ...event, type: 'oms.order.wished_for.v1' }),
  },
  {
    kind: 'wrong_types',
    expected: { deadLetter: 'schema' },
    spoil: (event) => withData(event, { total_minor: `${event.data.total_minor}` }),
  },
  {
    kind: 'negative_quantity',
    expected: { deadLetter: 'schema' },
    spoil: (event) => withData(event, firstLine(event, { quantity: -1 })),
  },
  {
    kind: 'huge_text',
    expected: { deadLetter: 'schema' },
    spoil: (event) => withData(event, { note: 'x'.repeat(HUGE_TEXT) }),
  },
  {
    kind: 'impossible_time',
    expected: { deadLetter: 'envelope' },
    spoil: (event) => JSON.stringify({ ...event, time: '2026-99-01T00:00:00Z' }),
  },
  { kind: 'price_tampering', expected: { rejected: 'price_mismatch' }, spoil: undersell },
  {
    kind: 'unknown_sku',
    expected: { rejected: 'unknown_sku' },
    spoil: (event) => withData(event, firstLine(event, { sku: 'NO-SUCH-SKU' })),
  },
  { kind: 'clock_skew', expected: { stored: true }, spoil: (event) => shifted(event, -HOUR_MS) },
  { kind: 'future_date', expected: { stored: true }, spoil: (event) => shifted(event, DAY_MS) },
];
