import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runCli } from '../helpers/run-cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const ORDER = '5a1c2a52-37c8-8f5e-9a8e-0b4c1f0d7e21';

suite('oms fraud', () => {
  test('eval prints precision and recall, exit 0', async () => {
    const { code, stdout } = await runCli(['fraud', 'eval', '--orders', '1000', '--seeds', '301']);
    assert.equal(code, 0);
    assert.match(stdout, /^precision \d+\.\d %, recall \d+\.\d %\n/);
  });

  test('train writes a model that eval takes; --json names it', async (t) => {
    const cwd = tempFolder(t);
    const trained = await runCli(['fraud', 'train', '--orders', '1000', '--seeds', '1', '--json'], { cwd });
    assert.equal(trained.code, 0, trained.stderr);
    const { file, model } = JSON.parse(trained.stdout).result;
    const evaluated = await runCli(['fraud', 'eval', '--orders', '100', '--model', file, '--json'], { cwd });
    assert.equal(JSON.parse(evaluated.stdout).result.model, model.version);
  });

  test('wrong calls name what was expected: exit 2', async () => {
    const seeds = await runCli(['fraud', 'eval', '--seeds', '1,x']);
    assert.equal(seeds.code, 2);
    assert.match(seeds.stderr, /--seeds: expected .*got "x"; for example --seeds 201,202/);
    const seen = await runCli(['fraud', 'eval', '--orders', '100', '--seeds', '101']);
    assert.equal(seen.code, 2);
    assert.match(seen.stderr, /the model was trained on seed 101/);
    const order = await runCli(['fraud', 'approve', ORDER, 'nonsense']);
    assert.equal(order.code, 2);
    assert.match(order.stderr, /expected the id of an order, got "nonsense"\n {2}next {2}oms fraud list/);
  });

  test('without a stack and without a token it says what is missing: exit 4', async (t) => {
    const cwd = tempFolder(t);
    const list = await runCli(['fraud', 'list'], { cwd });
    assert.equal(list.code, 4);
    assert.match(list.stderr, /the local stack has not been started\n {2}next {2}oms up/);
    const approve = await runCli(['fraud', 'reject', ORDER, '--url', 'http://127.0.0.1:1'], { cwd });
    assert.equal(approve.code, 4);
    assert.match(
      approve.stderr,
      /there is no token of the staff for http:\/\/127\.0\.0\.1:1\n {2}next {2}set OMS_ADMIN_TOKEN/,
    );
  });

  test('an order API that is away is an outage: exit 5', async (t) => {
    const env = { OMS_ADMIN_TOKEN: 'secret' };
    const args = ['fraud', 'approve', ORDER, '--url', 'http://127.0.0.1:1'];
    const { code, stderr } = await runCli(args, { cwd: tempFolder(t), env });
    assert.equal(code, 5);
    assert.match(stderr, /the order API at http:\/\/127\.0\.0\.1:1 does not answer/);
    assert.doesNotMatch(stderr, /secret/);
  });
});
