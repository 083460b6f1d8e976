import type { Connection } from '../../../lib/database/connect.ts';

/**
 * What is emptied: everything but the positions of the consumers, so that events they have had do not come again.
 * The seed's own marks go first: a reset cut off in its middle leaves a database that is not taken for a seeded one.
 */
export const EMPTIED_TABLES: readonly string[] = [
  'seed_runs',
  'seed_chunks',
  'outbox',
  'dead_letters',
  'parked_events',
  'inbox',
  'external_ops',
  'ledger_entries',
  'notifications',
  'documents',
  'risk_assessments',
  'payment_tokens',
  'payment_choices',
  'return_items',
  'returns',
  'refunds',
  'tracking_events',
  'shipment_items',
  'shipments',
  'payments',
  'reservations',
  'order_history',
  'order_notes',
  'order_items',
  'orders',
  'customers',
  'stock_alerts',
  'stock_moves',
  'stock',
  'coupons',
  'products',
];

export async function emptyTables(connection: Connection): Promise<void> {
  for (const table of EMPTIED_TABLES) await connection.query(`TRUNCATE TABLE ${table}`);
}
