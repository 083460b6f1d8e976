import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineAsker, processAsker } from './ask-eval/asking.ts';
import { scratchSchema } from './ask-eval/database.ts';
import { reportText, summarise } from './ask-eval/report.ts';
import { fixtureOracle, readingsOf, readSet, runQuestions } from './ask-eval/run.ts';
import { compareRewordings } from './ask-eval/same-plan.ts';
import { measureSteps } from './ask-eval/timings.ts';

const USAGE = `usage: npm run ask:eval -- --questions FILE --fixture DIR [--expected FILE] [--json]
  --questions     questions with their meaning and their clock
  --fixture       folder of the CSV tables they are about (.csv or .csv.gz)
  --expected      the first rows each must get (default: worked out from the meaning and the fixture)
  --rewordings    compare the plans of these with those of the questions instead of grading rows
  --database-url  a server to make a scratch schema on (default: a private one, started and removed)
  --schema        a schema to keep on that server: filled when it is not there, used as it is when it is
  --fast          ask inside this process instead of through \`oms ask\`, a process a question
  --program       the \`oms\` to run (default bin/dev.js of this checkout)
  --model         let the model that OMS_AI_... name answer (default: none)
  --jobs          questions at the same time (default 1; more blur the timings)
  --show          print how every question was understood
  --counts        print no question, only counts
  --json          summary and results as JSON`;

const { values: flags } = parseArgs({
  options: {
    questions: { type: 'string' },
    expected: { type: 'string' },
    fixture: { type: 'string' },
    rewordings: { type: 'string' },
    'database-url': { type: 'string' },
    schema: { type: 'string' },
    program: { type: 'string', default: join(import.meta.dirname, '..', 'bin', 'dev.js') },
    jobs: { type: 'string', default: '1' },
    fast: { type: 'boolean', default: false },
    model: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    counts: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
if (!flags.questions || !flags.fixture) {
  console.error(USAGE);
  process.exit(2);
}

const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

const { clock, items } = readSet(await readJson(flags.questions), flags.questions);
const expected = flags.expected ? await readJson(flags.expected) : {};
const rewordings = flags.rewordings ? await readJson(flags.rewordings) : undefined;
const known = await fixtureOracle(flags.fixture, clock);
const scratch = await scratchSchema({
  fixture: flags.fixture,
  databaseUrl: flags['database-url'],
  schema: flags.schema,
});
try {
  const asker = flags.fast
    ? await engineAsker(scratch.askUrl, clock)
    : processAsker(flags.program, scratch.askUrl, clock, { model: flags.model });
  const results = rewordings
    ? await compareRewordings(asker, items, rewordings)
    : await runQuestions(asker, items, (item) => readingsOf(item, expected, known), Math.max(1, Number(flags.jobs)));
  await asker.close();
  const summary = summarise(results, await measureSteps(scratch.askUrl, clock, items));
  const view = { show: flags.show, counts: flags.counts };
  console.log(flags.json ? JSON.stringify({ summary, results }, null, 1) : reportText(results, summary, view));
  process.exitCode = results.every((result) => result.verdict === 'right') ? 0 : 1;
} finally {
  await scratch.remove();
}
