import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { type Answered, ask, type Declined } from '../lib/query/ask.ts';
import { Reader } from '../lib/query/execute.ts';
import type { Plan } from '../lib/query/plan.ts';
import { loadFixture } from './ask-eval/fixture.ts';
import { type Expected, grade, type Question, type Verdict } from './ask-eval/grade.ts';

const USAGE = `usage: npm run ask:eval -- --questions FILE --expected FILE --fixture DIR [--database-url URL] [--schema NAME] [--keep] [--json] [--show]
  --database-url  a server to make a scratch schema on (default OMS_DATABASE_URL)
  --schema        its name (default ask_eval)
  --keep          use the schema as it is, when it was loaded before
  --show          print how every question was understood`;

const { values: flags } = parseArgs({
  options: {
    questions: { type: 'string' },
    expected: { type: 'string' },
    fixture: { type: 'string' },
    'database-url': { type: 'string', default: process.env.OMS_DATABASE_URL },
    schema: { type: 'string', default: 'ask_eval' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
  },
});
if (!flags.questions || !flags.expected || !flags.fixture || !flags['database-url']) {
  console.error(USAGE);
  process.exit(2);
}

interface Result {
  id: string;
  class: string;
  question: string;
  verdict: Verdict;
  why?: string;
  understood?: string;
  ms: number;
}

const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

function schemaUrl(server: string, schema: string): string {
  const url = new URL(server);
  url.pathname = `/${schema}`;
  return url.href;
}

async function askOne(
  item: Question,
  reader: Reader,
  clock: { now: number; zone: string },
): Promise<Answered | Declined> {
  let previous: Plan | undefined;
  for (const earlier of item.context ?? []) {
    const outcome = await ask(earlier, reader, { clock, ...(previous && { previous }) });
    if (outcome.status === 'answer') previous = outcome.plan ?? undefined;
  }
  return ask(item.question, reader, { clock, ...(previous && { previous }) });
}

const set = await readJson(flags.questions);
const expected: Record<string, Expected> = await readJson(flags.expected);
const clock = { now: Date.parse(set.clock.now), zone: set.clock.tz as string };
const url = flags.keep
  ? schemaUrl(flags['database-url'], flags.schema)
  : await loadFixture(flags['database-url'], flags.schema, flags.fixture);
const reader = await Reader.open(url);
const results: Result[] = [];
for (const item of set.items as Question[]) {
  const began = performance.now();
  const outcome = await askOne(item, reader, clock).catch((error: Error): Declined => {
    return { status: 'clarify', question: item.question, message: `FAILED ${error.message}`, choices: [] };
  });
  const ms = performance.now() - began;
  results.push({
    id: item.id,
    class: item.class,
    question: item.question,
    ...grade(item, outcome, expected[item.id]),
    ...(outcome.status === 'answer' && { understood: outcome.understood }),
    ms: Math.round(ms * 10) / 10,
  });
}
await reader.close();

const verdicts: Verdict[] = ['right', 'wrong', 'asked back', 'refused'];
const countOf = (rows: readonly Result[]) =>
  Object.fromEntries(verdicts.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]));
const classes = [...new Set(results.map((row) => row.class))];
const times = results.map((row) => row.ms).sort((a, b) => a - b);
const percentile = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
const summary = {
  questions: results.length,
  ...countOf(results),
  classes: Object.fromEntries(classes.map((name) => [name, countOf(results.filter((row) => row.class === name))])),
  ms: { p50: percentile(0.5), p95: percentile(0.95), max: times.at(-1) },
};
if (flags.json) console.log(JSON.stringify({ summary, results }, null, 1));
else {
  for (const row of results) {
    if (row.verdict !== 'right') console.log(`${row.id} ${row.verdict.padEnd(10)} ${row.question}\n     ${row.why}`);
    else if (flags.show) console.log(`${row.id} right      ${row.question}\n     ${row.understood ?? row.class}`);
  }
  for (const name of classes) console.log(`${name.padEnd(14)} ${JSON.stringify(summary.classes[name])}`);
  console.log(`all            ${JSON.stringify(countOf(results))}  ms ${JSON.stringify(summary.ms)}`);
}
process.exitCode = results.every((row) => row.verdict === 'right') ? 0 : 1;
