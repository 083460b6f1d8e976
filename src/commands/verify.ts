import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { parseDuration } from '../config/quantities.ts';
import { databaseUrlFlag, hubUrlFlag } from '../config/target-flags.ts';
import { EXIT } from '../errors.ts';
import { verify } from '../stages/verify/verify.ts';
import { verifyReport } from '../stages/verify/view.ts';

const wait = { minMs: 0, maxMs: 3_600_000, range: '0s to 1h', example: '--wait 30s' };

export default class Verify extends BaseCommand {
  static override summary = 'Check that every order of a run is stored exactly once, and that the books balance.';
  static override description =
    "Waits until the hub is read to its end and the outbox is empty, then compares the run's manifest with the database and checks the invariants of orders, stock, money and messages. Changes nothing. Exit 0 when all hold, 1 otherwise.";
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --run 20261121T101500-ab12 --wait 60s',
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
    'database-url': databaseUrlFlag(),
    'hub-url': hubUrlFlag(),
  };

  async run() {
    const { flags, context } = await this.start(Verify);
    const result = await verify(
      {
        run: flags.run,
        manifest: flags.manifest,
        all: flags.all,
        waitMs: flags.wait ?? 30_000,
        databaseUrl: flags['database-url'],
        hubUrl: flags['hub-url'],
      },
      context,
    );
    context.terminal.print(verifyReport(result, context.terminal));
    if (!result.ok) process.exitCode = EXIT.failed;
    return result;
  }
}
