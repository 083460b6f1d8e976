import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from '../../../lib/database/connect.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';

const code = (length: number) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`;
const orderId = 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
const table = (name: string, columns: string[]) =>
  `CREATE TABLE IF NOT EXISTS ${name} (${columns.join(', ')}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

/** Every answered request, for ever: what makes a key mean the same after a crash. */
const requests = (name: string) =>
  table(name, [
    `idem_key ${code(96)} NOT NULL PRIMARY KEY`,
    'request_hash BINARY(16) NOT NULL',
    'answer TEXT NOT NULL',
    'at BIGINT NOT NULL',
  ]);

/**
 * The sandbox's own books, made at its start beside nobody else's tables: times are milliseconds since 1970. `psp_due`
 * is what a provider will book or tell later, `carrier_roads` where each consignment goes next and when.
 */
export const TABLES = [
  requests('psp_requests'),
  table('psp_payments', [
    `order_id ${orderId}`,
    `authorize_key ${code(96)} NOT NULL`,
    'attempt SMALLINT UNSIGNED NOT NULL',
    `currency ${code(3)} NOT NULL`,
    'amount BIGINT UNSIGNED NOT NULL',
    `state ${code(16)} NOT NULL`,
    `scenario ${code(32)} NOT NULL`,
    `failure ${code(32)} NULL`,
    'soft TINYINT UNSIGNED NOT NULL DEFAULT 0',
    'captured BIGINT UNSIGNED NOT NULL DEFAULT 0',
    'refunded BIGINT UNSIGNED NOT NULL DEFAULT 0',
    'capture_tries SMALLINT UNSIGNED NOT NULL DEFAULT 0',
    'time_scale DOUBLE NOT NULL DEFAULT 1',
    'PRIMARY KEY (order_id, authorize_key)',
    'CHECK (amount >= captured AND captured >= refunded)',
  ]),
  table('psp_book', [
    'position BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY',
    `idem_key ${code(96)} NOT NULL`,
    `kind ${code(12)} NOT NULL`,
    `order_id ${orderId}`,
    'attempt SMALLINT UNSIGNED NOT NULL',
    'amount BIGINT UNSIGNED NOT NULL',
    `currency ${code(3)} NOT NULL`,
    'at BIGINT NOT NULL',
    'UNIQUE KEY uq_psp_book (idem_key, kind)',
  ]),
  table('psp_due', [
    `order_id ${orderId}`,
    `authorize_key ${code(96)} NOT NULL`,
    `event ${code(12)} NOT NULL`,
    'at BIGINT NOT NULL',
    'due_at BIGINT NOT NULL DEFAULT 0',
    'booked TINYINT UNSIGNED NOT NULL DEFAULT 0',
    'booked_amount BIGINT UNSIGNED NULL',
    'PRIMARY KEY (order_id, authorize_key, event)',
    'KEY ix_psp_due (booked, due_at)',
  ]),
  requests('carrier_requests'),
  table('carrier_consignments', [
    `tracking_no ${code(40)} NOT NULL PRIMARY KEY`,
    `carrier ${code(24)} NOT NULL`,
    `direction ${code(8)} NOT NULL`,
    `order_id ${orderId}`,
    `state ${code(12)} NOT NULL`,
    'request MEDIUMTEXT NOT NULL',
    'made_at BIGINT NOT NULL',
    'handed_over_at BIGINT NULL',
    'KEY ix_carrier_consignments_order (order_id)',
  ]),
  table('carrier_roads', [
    `tracking_no ${code(40)} NOT NULL PRIMARY KEY`,
    'step SMALLINT UNSIGNED NOT NULL',
    'due_at BIGINT NOT NULL',
    'KEY ix_carrier_roads_due (due_at)',
  ]),
] as const;

const RETRY_MS = 250;

/** Makes the tables, waiting for a database that is away; ends early when `signal` aborts. */
export async function makeTables(pool: Pool, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let told = false; !signal.aborted; ) {
    try {
      for (const statement of TABLES) await pool.query(statement);
      return;
    } catch (error) {
      if (!told) logger.warn({ err: error }, 'the tables of the sandbox cannot be made yet');
      told = true;
      await delay(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
