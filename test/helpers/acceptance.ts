import assert from 'node:assert/strict';
import type { RowDataPacket } from 'mysql2/promise';
import { openPool } from '../../lib/database/connect.ts';
import { isFinal, ORDER_STATUSES } from '../../lib/domain/order-machine.ts';
import { readLocalEndpoints } from '../../src/stages/local/endpoints.ts';
import { localPaths } from '../../src/stages/local/paths.ts';
import type { SimulateResult } from '../../src/stages/simulate/result.ts';
import type { VerifyResult } from '../../src/stages/verify/result.ts';
import type { CliResult } from './run-cli.ts';
import type { TestStack } from './stack.ts';
import { until } from './until.ts';

/** Checks that have to have run, not merely not to have failed: those that need the sandbox, the hub and the manifest. */
const NEEDED = ['lost', 'duplicated', 'altered', 'I1', 'M6', 'N4'];

/** Of the verdict of a simulation what speaks of the system: a generator short of CPU sends and measures too late. */
export function assertSystemHeld({ thresholds, bad_input }: SimulateResult, except: readonly string[] = []): void {
  const ofGenerator = (name: string) => name === 'rate' || name.startsWith('generator');
  const missed = thresholds.filter(({ name, ok }) => !ok && !ofGenerator(name) && !except.includes(name));
  assert.equal(missed.length, 0, JSON.stringify({ missed, surprises: bad_input?.surprises }));
}

/** What `oms simulate ... --json` printed, whatever its verdict. */
export function simulateResult({ stdout, stderr }: CliResult): SimulateResult {
  const { result } = JSON.parse(stdout || '{}') as { result?: SimulateResult };
  assert.ok(result, `oms simulate has no result: ${stdout}${stderr}`);
  return result;
}

/** `oms verify`: exit 0, no check violated, and none of those skipped that everything is there for. */
export async function assertVerified(stack: TestStack, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await stack.run('verify', ...args, '--json');
  const { result } = JSON.parse(stdout || '{}') as { result?: VerifyResult };
  assert.ok(result, `oms verify has no result: ${stdout}${stderr}`);
  assert.deepEqual(
    result.checks.filter((check) => check.result === 'violated'),
    [],
  );
  const ok = new Set(result.checks.filter((check) => check.result === 'ok').map(({ name }) => name));
  assert.deepEqual(
    NEEDED.filter((name) => !ok.has(name)),
    [],
  );
  assert.equal(code, 0);
  await assertNoHealthyDeadLetters(stack);
}

/** One row of a query on the database of the stack. */
export async function readRow<Row>(stack: TestStack, sql: string, values: unknown[] = []): Promise<Row> {
  const { databaseUrl } = await readLocalEndpoints(localPaths(stack.dir).localDir);
  const pool = openPool(databaseUrl, { connectionLimit: 1 });
  try {
    const [rows] = await pool.query<(Row & RowDataPacket)[]>(sql, values);
    return rows[0]!;
  } finally {
    await pool.end();
  }
}

/** No healthy event is among the dead letters: none that the code stumbled over, none that waited in vain. */
async function assertNoHealthyDeadLetters(stack: TestStack): Promise<void> {
  const { letters } = await readRow<{ letters: string | null }>(
    stack,
    `SELECT GROUP_CONCAT(CONCAT_WS(' ', reason, event_type, detail) SEPARATOR '\n') AS letters FROM dead_letters
      WHERE reason IN ('handler_error', 'parked_expired')`,
  );
  assert.equal(letters, null);
}

/**
 * Every order of the database comes to its end, and there are `orders` of them at least. A simulation waits for its own:
 * beside them are those that were sent as bad input and are none, for which nobody answers until their time is up.
 */
export async function assertEveryOrderEnded(stack: TestStack, orders: number): Promise<void> {
  const count = () =>
    readRow<{ stored: number; open: number }>(
      stack,
      'SELECT COUNT(*) AS stored, CAST(COALESCE(SUM(status NOT IN (?)), 0) AS SIGNED) AS open FROM orders',
      [ORDER_STATUSES.filter(isFinal)],
    );
  await until('every order has ended', async () => (await count()).open === 0, 60_000).catch(() => undefined);
  const { stored, open } = await count();
  assert.equal(open, 0, `${open} of ${stored} orders have not ended`);
  assert.ok(stored >= orders, `${stored} of ${orders} orders are stored`);
}
