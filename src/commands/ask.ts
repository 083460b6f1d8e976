import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { parseCount, parseTime } from '../config/quantities.ts';
import { siteDatabaseFlag } from '../config/site-flags.ts';
import { databaseUrlFlag } from '../config/target-flags.ts';
import { EXIT } from '../errors.ts';
import { askQuestion } from '../stages/ask/ask.ts';
import { answerCsv, answerJson, answerText, declinedText } from '../stages/ask/view.ts';

const limit = { min: 1, max: 1_000, unit: 'rows', example: '--limit 20' };

const EXIT_OF = {
  answer: EXIT.ok,
  clarify: EXIT.askedBack,
  refuse_write: EXIT.refused,
  refuse_pii: EXIT.refused,
  refuse_unsafe: EXIT.refused,
  out_of_scope: EXIT.outOfScope,
} as const;

export default class Ask extends BaseCommand {
  static override summary = 'Answer a question about orders, customers, payments, parcels and stock.';
  static override description =
    'Reads the database and never changes it. The first line says how the question was understood; what is not understood is asked back instead of guessed (exit 6), changes and personal data are refused (exit 3), what the shop does not record is said (exit 7).';
  static override examples = [
    '<%= config.bin %> <%= command.id %> "top products last week"',
    '<%= config.bin %> <%= command.id %> "revenue by category this month" --timezone America/New_York',
    '<%= config.bin %> <%= command.id %> "and by brand?" --continue --json',
    '<%= config.bin %> <%= command.id %> "orders today" --env shop',
  ];
  static override args = {
    question: Args.string({ required: true, description: 'the question, in quotes', ignoreStdin: true }),
  };
  static override flags = {
    sql: Flags.boolean({ env: 'OMS_ASK_SQL', summary: 'show the SQL that was run' }),
    explain: Flags.boolean({ env: 'OMS_ASK_EXPLAIN', summary: 'show the plan the question became' }),
    csv: Flags.boolean({ env: 'OMS_ASK_CSV', summary: 'the rows as CSV, nothing else', exclusive: ['json'] }),
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
    timezone: Flags.string({ env: 'OMS_TIMEZONE', summary: "the shop's time zone (default UTC)" }),
    env: siteDatabaseFlag('OMS_ASK_ENV'),
    'database-url': databaseUrlFlag(),
  };

  async run() {
    const { args, flags, context } = await this.start(Ask);
    const { now, timezone, sql, explain, env: environment } = flags;
    const request = { ...args, ...flags, databaseUrl: flags['database-url'], environment, now, timeZone: timezone };
    const outcome = await askQuestion(request, context);
    const view = { zone: timezone ?? context.settings.timeZone, sql, explain };
    process.exitCode = EXIT_OF[outcome.status];
    if (outcome.status !== 'answer') this.logToStderr(declinedText(outcome));
    else context.terminal.print(flags.csv ? answerCsv(outcome) : answerText(outcome, context.terminal, view));
    return answerJson(outcome, view);
  }
}
