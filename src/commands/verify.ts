import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { parseCount, parseDuration } from '../config/quantities.ts';
import { siteDatabaseFlag } from '../config/site-flags.ts';
import { databaseUrlFlag, hubUrlFlag, sandboxUrlFlag } from '../config/target-flags.ts';
import { EXIT } from '../errors.ts';
import { verify } from '../stages/verify/verify.ts';
import { verifyReport } from '../stages/verify/view.ts';
import { watch } from '../stages/verify/watch.ts';

const wait = { minMs: 0, maxMs: 3_600_000, range: '0s to 1h', example: '--wait 30s' };
const late = { minMs: 0, maxMs: 3_600_000, range: '0s to 1h', example: '--late 60s' };
const every = { minMs: 1_000, maxMs: 3_600_000, range: '1s to 1h', example: '--every 30s' };
const duration = { minMs: 1_000, maxMs: 604_800_000, range: '1s to 168h', example: '--for 10m' };
const hubEvents = { min: 0, max: 100_000_000, unit: 'events', example: '--hub-events 1m' };

export default class Verify extends BaseCommand {
  static override summary = 'Check that every order of a run is stored exactly once, and that the books balance.';
  static override description =
    "Waits until the hub is read to its end and the outbox is empty, then compares the run's manifest with the database and checks the invariants of orders, stock, money and messages. Changes nothing. With --env, the database of that deployed environment is checked, without any run. Exit 0 when all hold, 1 otherwise.";
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --run 20261121T101500-ab12 --wait 60s',
    '<%= config.bin %> <%= command.id %> --every 30s',
  ];
  static override flags = {
    run: Flags.string({
      env: 'OMS_VERIFY_RUN',
      summary: 'a run of oms simulate (default: the latest)',
      exclusive: ['manifest', 'all'],
    }),
    manifest: Flags.string({
      env: 'OMS_VERIFY_MANIFEST',
      summary: 'a manifest.ndjson anywhere',
      exclusive: ['run', 'all'],
    }),
    all: Flags.boolean({
      env: 'OMS_VERIFY_ALL',
      summary: 'every run, and the database even without any',
      exclusive: ['run', 'manifest'],
    }),
    wait: Flags.integer({
      env: 'OMS_VERIFY_WAIT',
      summary: 'how long to wait for the pipeline to come to rest (default 30s)',
      parse: async (text) => parseDuration(text, wait),
    }),
    late: Flags.integer({
      env: 'OMS_VERIFY_LATE',
      summary: 'how long something may wait beyond its time (default 60s)',
      parse: async (text) => parseDuration(text, late),
    }),
    'hub-events': Flags.integer({
      env: 'OMS_VERIFY_HUB_EVENTS',
      summary: "how many of the hub's newest events are read for placed orders (default 100k)",
      parse: async (text) => parseCount(text, hubEvents),
    }),
    every: Flags.integer({
      env: 'OMS_VERIFY_EVERY',
      summary: 'check again so often while the pipeline works, without any run, until Ctrl-C',
      parse: async (text) => parseDuration(text, every),
      exclusive: ['run', 'manifest', 'all', 'wait', 'hub-events'],
    }),
    for: Flags.integer({
      env: 'OMS_VERIFY_FOR',
      summary: 'end the rounds after this time',
      parse: async (text) => parseDuration(text, duration),
      dependsOn: ['every'],
    }),
    env: siteDatabaseFlag('OMS_VERIFY_ENV', ['run', 'manifest', 'hub-url', 'sandbox-url']),
    'database-url': databaseUrlFlag(),
    'hub-url': hubUrlFlag(),
    'sandbox-url': sandboxUrlFlag(),
  };

  async run() {
    const { flags, context } = await this.start(Verify);
    const targets = {
      databaseUrl: flags['database-url'],
      environment: flags.env,
      hubUrl: flags['hub-url'],
      sandboxUrl: flags['sandbox-url'],
      lateMs: flags.late ?? 60_000,
    };
    if (flags.every !== undefined) {
      const rounds = await watch({ ...targets, everyMs: flags.every, forMs: flags.for }, context);
      if (!rounds.ok) process.exitCode = EXIT.failed;
      return rounds;
    }
    const { run, manifest, all, wait = 30_000, 'hub-events': events = 100_000 } = flags;
    const result = await verify({ ...targets, run, manifest, all, waitMs: wait, hubEvents: events }, context);
    context.terminal.print(verifyReport(result, context.terminal));
    if (!result.ok) process.exitCode = EXIT.failed;
    return result;
  }
}
