// How long questions take:   node bench/ask.ts [orders] [mysql://account that may read@server/schema with a seeded history] [--every N]
// Without an address a private server is started and seeded: 15 s for 20,000 orders, 5 minutes for 1,000,000.
import { parseArgs } from 'node:util';
import { connect } from '../lib/database/connect.ts';
import { grantReader } from '../lib/database/grants.ts';
import { type Answered, ask } from '../lib/query/ask.ts';
import { Reader } from '../lib/query/execute.ts';
import { guardSql } from '../lib/query/guard/index.ts';
import { QUESTIONS } from '../test/fixtures/ask/questions.ts';
import { startTestServer, type TestServer } from '../test/helpers/database-server.ts';
import { SEED_NOW } from '../test/helpers/seed-history.ts';
import { runSeed } from '../test/helpers/seeding.ts';

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '1' } },
});
const ORDERS = Number(positionals[0] ?? 20_000);
const SLOW_MS = ORDERS > 100_000 ? 2_000 : 800;
const TIMEOUT_MS = 30_000;
const SCHEMA = 'oms_test_ask';
/** What the compiler alone may say; the guard takes none of it. */
const HINTS = / (?:FORCE|IGNORE) INDEX(?: FOR GROUP BY)? \(\w+\)/g;

async function seeded(server: TestServer): Promise<string> {
  const admin = await connect(server.url('admin'));
  await admin.query(`CREATE DATABASE ${SCHEMA}`);
  await admin.end();
  await runSeed(server.url('admin', SCHEMA), { orders: ORDERS });
  await grantReader(server.url('admin', SCHEMA), 'oms_ask');
  return server.url('ask', SCHEMA);
}

interface Timed {
  question: string;
  ms: number;
  guardMs?: number;
  sql?: string;
}

async function timeOne(question: string, reader: Reader): Promise<Timed> {
  const began = performance.now();
  const outcome = await ask(question, reader, { clock: { now: SEED_NOW, zone: 'America/New_York' } }).catch(
    (error: Error) => error,
  );
  const ms = performance.now() - began;
  if (outcome instanceof Error) return { question: `${question} (${outcome.message})`, ms };
  const sql = (outcome as Answered).sql;
  if (!sql) return { question, ms };
  const guarding = performance.now();
  const refused = await guardSql(sql.replace(HINTS, '')).then(
    () => '',
    (error: Error) => ` (guard: ${error.message})`,
  );
  return { question: question + refused, ms, guardMs: performance.now() - guarding, sql };
}

function percentile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

function print(timed: readonly Timed[]): void {
  const times = timed.filter(({ sql }) => sql).map(({ ms }) => ms);
  const guards = timed.flatMap(({ guardMs }) => guardMs ?? []);
  const slow = timed.filter(({ ms }) => ms > SLOW_MS).toSorted((a, b) => b.ms - a.ms);
  console.log(`\n${times.length} questions over ${ORDERS} orders`);
  console.log(
    `  answered    p50 ${percentile(times, 0.5)}  p95 ${percentile(times, 0.95)}  max ${percentile(times, 1)} ms`,
  );
  console.log(`  guard alone p50 ${percentile(guards, 0.5)}  p95 ${percentile(guards, 0.95)} ms`);
  console.log(`  refused by the guard: ${timed.filter(({ question }) => question.includes('(guard:')).length}`);
  for (const { question } of timed) if (question.includes('(guard:')) console.log(`  ${question}`);
  for (const { question, ms } of slow) console.log(`  ${ms.toFixed(0).padStart(6)} ms  ${question}`);
}

const given = positionals[1];
const server = given ? undefined : await startTestServer();
try {
  const reader = await Reader.open(given ?? (await seeded(server!)), { timeoutMs: TIMEOUT_MS });
  const timed: Timed[] = [];
  const questions = QUESTIONS.filter((_, index) => index % Number(flags.every) === 0);
  for (const [question] of questions) timed.push(await timeOne(question, reader));
  await reader.close();
  print(timed);
} finally {
  await server?.remove();
}
