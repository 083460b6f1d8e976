import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { askModelFlags } from '../config/ask-model-flags.ts';
import { parseCount, parseTime } from '../config/quantities.ts';
import { siteDatabaseFlag } from '../config/site-flags.ts';
import { databaseUrlFlag } from '../config/target-flags.ts';
import { askQuestion } from '../stages/ask/ask.ts';
import { zoneOf } from '../stages/ask/request.ts';
import { askSession } from '../stages/ask/session/run-session.ts';
import { exitOf, printOutcome, sessionJson } from '../stages/ask/show.ts';
import { answerJson } from '../stages/ask/view.ts';

const limit = { min: 1, max: 1_000, unit: 'rows', example: '--limit 20' };

export default class Ask extends BaseCommand {
  static override summary = 'Answer a question about orders, customers, payments, parcels and stock.';
  static override description =
    'Reads the database and never changes it. The first line says how the question was understood; what is not understood is asked back instead of guessed (exit 6), changes and personal data are refused (exit 3), what the shop does not record is said (exit 7). Without a question it opens a session on a terminal, and else answers the lines of stdin.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> "top products last week"',
    '<%= config.bin %> <%= command.id %> "revenue by category this month" --timezone America/New_York',
    '<%= config.bin %> <%= command.id %> "and by brand?" --continue --json',
    '<%= config.bin %> <%= command.id %> "orders today" --env shop',
    '<%= config.bin %> <%= command.id %>',
  ];
  static override args = {
    question: Args.string({ description: 'the question, in quotes; a session without it', ignoreStdin: true }),
  };
  static override flags = {
    sql: Flags.boolean({ env: 'OMS_ASK_SQL', summary: 'show the SQL that was run' }),
    explain: Flags.boolean({ env: 'OMS_ASK_EXPLAIN', summary: 'show the plan the question became' }),
    csv: Flags.boolean({ env: 'OMS_ASK_CSV', summary: 'the rows as CSV, nothing else', exclusive: ['json'] }),
    chart: Flags.boolean({
      env: 'OMS_ASK_CHART',
      allowNo: true,
      summary: 'always a chart, or never (default: if it helps)',
    }),
    'dry-run': Flags.boolean({ char: 'n', env: 'OMS_ASK_DRY_RUN', summary: 'plan and SQL, without running it' }),
    continue: Flags.boolean({ env: 'OMS_ASK_CONTINUE', summary: 'change the question before: "and the week before?"' }),
    limit: Flags.integer({
      env: 'OMS_ASK_LIMIT',
      summary: 'rows shown at most (default: what the question says, else 1000)',
      parse: async (text) => parseCount(text, limit),
    }),
    now: Flags.string({
      env: 'OMS_NOW',
      summary: 'the moment the question is asked at (ISO 8601)',
      parse: async (text) => parseTime(text),
    }),
    timezone: Flags.string({
      env: 'OMS_TIMEZONE',
      summary: "the shop's time zone (default UTC; that of the site with --env)",
    }),
    env: siteDatabaseFlag('OMS_ASK_ENV'),
    'database-url': databaseUrlFlag({ exclusive: ['env'] }),
    ...askModelFlags,
  };

  async run() {
    const { args, flags, context } = await this.start(Ask);
    const { question } = args;
    const { now, timezone, sql, explain, chart, csv } = flags;
    const target = { databaseUrl: flags['database-url'], environment: flags.env };
    const model = { shareRows: flags['share-rows'], allowSql: flags['allow-sql'] };
    const request = { ...flags, ...target, ...model, now, timeZone: timezone, dryRun: flags['dry-run'] };
    const view = { zone: await zoneOf(request, context), sql, explain, chart, csv };
    if (question === undefined) {
      const outcomes = await askSession(request, view, context);
      if (!context.terminal.interactive) process.exitCode = exitOf(...outcomes);
      return sessionJson(outcomes, view);
    }
    const outcome = await askQuestion(question, request, context);
    process.exitCode = exitOf(outcome);
    printOutcome(outcome, context.terminal, view);
    return answerJson(outcome, view);
  }
}
