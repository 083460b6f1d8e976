import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runCli } from '../../../helpers/run-cli.ts';

/** Nothing listens there. */
const NOWHERE = 'mysql://nobody:secret-word@127.0.0.1:1/oms';

suite('oms seed', () => {
  for (const [args, message] of [
    [['--orders', 'many'], /^error --orders: expected 0 to 10,000,000 orders, got "many"; for example --orders 20000/],
    [['--products', '0'], /^error --products: expected 1 to 100,000 products, got "0"; for example --products 200/],
    [['--days', '9999'], /^error --days: expected 1 to 3,650 days/],
    [['--seed', '-1'], /^error --seed: expected 0 to 4,294,967,295/],
    [['--now', 'yesterday'], /^error --now: expected a time in ISO 8601, got "yesterday"; for example --now 2026/],
    [['--currency', 'usd'], /^error --currency: expected three capital letters, got "usd"/],
    [['--catalogue', 'f.csv', '--products', '5'], /--catalogue=f\.csv cannot also be provided when using --products/],
  ] as const) {
    test(`${args.join(' ')} is refused with the flag, its range and an example`, async () => {
      const { code, stdout, stderr } = await runCli(['seed', ...args]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /bug|at .*\.ts/);
    });
  }

  test('without a local stack or a database says what to start', async () => {
    const { code, stderr } = await runCli(['seed'], { env: { OMS_DIR: '/nonexistent' } });
    assert.equal(code, 4);
    assert.equal(stderr, 'error the local stack has not been started\n  next  oms up\n');
  });

  test('with a database that does not answer says so, without its password', async () => {
    const { code, stdout } = await runCli(['seed', '--database-url', NOWHERE, '--json']);
    const { status, error } = JSON.parse(stdout);
    assert.deepEqual([code, status, error.code], [5, 5, 'database_unreachable']);
    assert.doesNotMatch(stdout, /secret-word/);
  });

  test('with a time zone that does not exist names the variable', async () => {
    const { code, stderr } = await runCli(['seed', '--database-url', NOWHERE], { env: { OMS_TIMEZONE: 'Mars/Base' } });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /OMS_TIMEZONE: Mars\/Base is no time zone\n {2}next {2}OMS_TIMEZONE=America\/New_York oms seed/,
    );
  });

  test('with a catalogue that is not there fails before it looks for the database', async () => {
    const { code, stderr } = await runCli(['seed', '--database-url', NOWHERE, '--catalogue', 'nowhere.csv']);
    assert.equal(code, 2);
    assert.match(stderr, /^error the catalogue nowhere\.csv cannot be read/);
  });
});
