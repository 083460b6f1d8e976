import { READABLE } from '../../database/readable.ts';
import type { CheckedSql } from '../guard/guard.ts';
import type { FreeSql } from './consult.ts';

const tableLines = () => Object.entries(READABLE).map(([name, { columns }]) => `- ${name}(${columns.join(', ')})`);

const SCHEMA = `run_sql: one SELECT over these tables, for MySQL and MariaDB alike, when no plan can express the question. No *, no comments, no schema prefix, an alias for every expression. Amounts are minor units; an alias that ends in _minor is shown in units of the currency. Times are UTC. Sale orders: reporting_status NOT IN ('pending_payment', 'payment_failed', 'cancelled').`;

/** Free SQL behind the guard: what a model is told of the tables, and the check each statement has to pass. */
export const FREE_SQL: FreeSql<CheckedSql> = {
  schema: [SCHEMA, ...tableLines()].join('\n'),
  async check(sql) {
    const { guardSql } = await import('../guard/index.ts');
    return guardSql(sql);
  },
};
