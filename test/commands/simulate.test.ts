import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../helpers/run-cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

/** Wrong calls, each with what the one line on stderr has to name: flag, range and example. */
const WRONG: [args: string[], ...parts: RegExp[]][] = [
  [['--rate', '0'], /--rate: expected 1 to 100,000 orders a second, got "0"; for example --rate 500 or --rate 5k/],
  [['--duration', '30'], /--duration: expected a duration of 100ms to 24h, got "30"; for example --duration 30s/],
  [['--zipf', '-1'], /--zipf: expected an exponent from 0 to 5/],
  [['--arrivals', 'bursty'], /--arrivals: expected uniform or poisson, got "bursty"; for example --arrivals poisson/],
  [['--database-url', 'postgres://u:secret@x/y'], /--database-url: expected an address beginning with mysql:/],
  [['--rate'], /--rate expects a value/],
  [['--nope'], /--nope/],
  [['--speed', '2'], /--from/],
  [['--shape', 'square'], /--shape: expected steady or ramp or .*, got "square"; for example --shape black-friday/],
  [['--bad-events', '101'], /--bad-events: expected a percentage from 0 to 100/],
  [['--time-scale', '0.5'], /--time-scale: expected a factor from 1 to 10000000/],
  [['--rate', '5', '--orders', '5', '--duration', '5s'], /--duration/],
  [['--from', 'x', '--mix', 'default'], /--from|--mix/],
  [['--from', 'x', '--speed', '2', '--rate', '5'], /--rate.*--speed|--speed.*--rate/],
];

for (const [args, ...parts] of WRONG) {
  test(`oms simulate ${args.join(' ')} is a wrong call: exit 2, in one line`, async () => {
    const { code, stdout, stderr } = await runCli(['simulate', ...args]);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    const [first] = stderr.split('\n');
    for (const part of parts) assert.match(first!, part);
    assert.doesNotMatch(stderr, /secret/);
    assert.match(stderr, /next {2}oms simulate --rate 500 --duration 30s/);
  });
}

test('a wrong variable of the environment is named by its flag', async () => {
  const { code, stderr } = await runCli(['simulate'], { env: { OMS_SIMULATE_RATE: 'lots' } });
  assert.equal(code, 2);
  assert.match(stderr, /--rate: expected 1 to 100,000/);
});

for (const command of ['simulate', 'verify']) {
  test(`oms ${command} without a local stack says how to start one`, async (t) => {
    const { code, stderr } = await runCli([command, ...(command === 'verify' ? ['--all'] : [])], {
      cwd: tempFolder(t),
    });
    assert.equal(code, 4);
    assert.match(stderr, /the local stack has not been started\n {2}next {2}oms up/);
  });
}

test('oms verify without a run says how to get one', async (t) => {
  const env = { OMS_DATABASE_URL: 'mysql://a:b@127.0.0.1:1/x' };
  const { code, stderr } = await runCli(['verify'], { cwd: tempFolder(t), env });
  assert.equal(code, 3);
  assert.match(stderr, /there is no run to verify yet\n {2}next {2}oms simulate/);
});

test('oms verify refuses a name that is none of a run', async (t) => {
  const env = { OMS_DATABASE_URL: 'mysql://a:b@127.0.0.1:1/x' };
  const { code, stderr } = await runCli(['verify', '--run', '../x'], { cwd: tempFolder(t), env });
  assert.equal(code, 2);
  assert.match(stderr, /--run: expected the name of a run, got "\.\.\/x"; for example 2026.*\n {2}next {2}oms verify/);
});

test('a database that is away is an outage, not a bug', async (t) => {
  const env = { OMS_DATABASE_URL: 'mysql://a:b@127.0.0.1:1/x', OMS_PRODUCER_URL: 'http://127.0.0.1:1' };
  const { code, stderr } = await runCli(['simulate'], { cwd: tempFolder(t), env });
  assert.equal(code, 5);
  assert.match(stderr, /the database does not answer\n {2}why {3}connect ECONNREFUSED/);
});
