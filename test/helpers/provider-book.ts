import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BookEntry } from '../../lib/integration/sandbox-api.ts';
import type { StoredOrder } from './stored-orders.ts';

const PAGE = 2;

/** A provider that shows a book, two entries a page; closed with the test. */
export async function showBook(
  t: { after(close: () => void): void },
  entries: readonly Omit<BookEntry, 'cursor'>[],
): Promise<string> {
  const server = createServer((request, response) => {
    const after = Number(new URL(request.url!, 'http://x').searchParams.get('after'));
    const page = entries.slice(after, after + PAGE).map((entry, index) => ({ ...entry, cursor: after + index + 1 }));
    const next = after + PAGE < entries.length ? after + PAGE : null;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ entries: page, next }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const bookEntry = (
  { orderId, totalMinor }: StoredOrder,
  kind: BookEntry['kind'],
  change: Partial<BookEntry> = {},
): Omit<BookEntry, 'cursor'> => ({
  key: `${orderId}:${kind}:1`,
  kind,
  order_id: orderId,
  attempt: 1,
  amount_minor: totalMinor,
  currency: 'USD',
  at: new Date(Date.now() - 60_000).toISOString(),
  ...change,
});
