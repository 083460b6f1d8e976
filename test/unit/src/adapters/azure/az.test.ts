import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Type } from 'typebox';
import { startTimeOf } from '../../../../../lib/runtime/process-identity.ts';
import { createAz } from '../../../../../src/adapters/azure/az.ts';
import { AzFailed } from '../../../../../src/adapters/azure/cloud.ts';
import { AZ_SAYS, fakeAz } from '../../../../helpers/fake-az.ts';
import { until } from '../../../../helpers/until.ts';

const Named = Type.Object({ name: Type.String() });
const failing = (code: string | undefined, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AzFailed, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

suite('calling az', () => {
  test('asks for JSON and errors alone, without telemetry or colour, and gives the checked answer', async (t) => {
    const az = fakeAz(t, [{ when: 'account show', json: { name: 'Shop', more: 1 } }]);
    assert.deepEqual(await createAz().az(['account', 'show'], Named), { name: 'Shop', more: 1 });
    const [call] = az.calls();
    assert.deepEqual(call!.args, ['account', 'show', '--only-show-errors', '--output', 'json']);
    for (const name of ['AZURE_CORE_COLLECT_TELEMETRY', 'AZURE_CORE_NO_COLOR']) assert.ok(call!.env.includes(name));
  });

  test('a call that prints nothing gives null', async (t) => {
    fakeAz(t, [{ when: 'provider register', stdout: '' }]);
    assert.equal(await createAz().az(['provider', 'register'], Type.Null()), null);
  });

  test("an error carries Azure's code and its first words", async (t) => {
    fakeAz(t, [
      { when: 'provider list', stderr: AZ_SAYS.denied },
      { when: 'rest', stderr: AZ_SAYS.restNotFound },
      { when: 'account show', stderr: AZ_SAYS.notLoggedIn },
    ]);
    const { az } = createAz();
    await assert.rejects(
      az(['provider', 'list'], Named),
      failing('AuthorizationFailed', /^\(AuthorizationFailed\) The/),
    );
    await assert.rejects(az(['rest'], Named), failing('ResourceGroupNotFound', /^Resource group 'rg-oms-demo' could/));
    await assert.rejects(az(['account', 'show'], Named), failing('LoginRequired', /^Please run 'az login'/));
  });

  test('garbage and answers of another form are told apart from errors of Azure', async (t) => {
    fakeAz(t, [
      { when: 'a', stdout: 'Welcome to Azure!' },
      { when: 'b', json: { name: 7 } },
    ]);
    await assert.rejects(
      createAz().az(['a'], Named),
      failing('UnreadableAnswer', /^az a printed something that is no/),
    );
    await assert.rejects(createAz().az(['b'], Named), failing('UnreadableAnswer', /\/name/));
  });

  test('an az that is not there', async (t) => {
    fakeAz(t, []);
    process.env.PATH = '/nowhere';
    await assert.rejects(createAz().az(['a'], Named), failing('AzMissing', /not installed/));
    assert.equal(await createAz().azVersion(), undefined);
  });

  test('a call without an answer ends at its deadline, with everything it has started', async (t) => {
    const fake = fakeAz(t, [{ when: 'group list', hangs: true }]);
    const { az } = createAz({ deadlineMs: 400 });
    await assert.rejects(
      az(['group', 'list', '--secret'], Named),
      failing('Timeout', /^az group list did not .* 0\.4 s/),
    );
    await until('the group is gone', () =>
      fake.calls().every(({ pids }) => pids.every((pid) => startTimeOf(pid) === undefined)),
    );
  });

  test("the caller's signal ends it, and is what is thrown", async (t) => {
    const fake = fakeAz(t, [{ when: 'group list', hangs: true }]);
    const abort = new AbortController();
    const running = createAz().az(['group', 'list'], Named, abort.signal);
    const ended = assert.rejects(running, { message: 'enough' });
    await until('az runs', () => fake.calls().length);
    abort.abort(new Error('enough'));
    await ended;
    await until('the group is gone', () =>
      fake.calls().every(({ pids }) => pids.every((pid) => startTimeOf(pid) === undefined)),
    );
  });

  test('a signal of its own ends what is given no other, and the question for the version', async (t) => {
    const fake = fakeAz(t, [
      { when: 'cloud show', hangs: true },
      { when: 'version', hangs: true },
    ]);
    const abort = new AbortController();
    const cloud = createAz({ signal: abort.signal });
    const ended = Promise.all([
      assert.rejects(cloud.endpoints(), { message: 'enough' }),
      cloud.azVersion().then((version) => assert.equal(version, undefined)),
    ]);
    await until('both run', () => fake.calls().length === 2);
    abort.abort(new Error('enough'));
    await ended;
  });

  test('endless output is cut off', async (t) => {
    fakeAz(t, [{ when: 'group list', endless: true }]);
    await assert.rejects(
      createAz({ outputLimit: 1_000_000 }).az(['group', 'list'], Named),
      failing('UnreadableAnswer', /printed more than it can mean/),
    );
  });

  test('no more than so many at a time, and the cloud is asked for once', async (t) => {
    const answer = { name: 'AzureCloud', resourceManager: 'https://management.azure.com/' };
    const fake = fakeAz(t, [{ when: 'cloud show', json: answer }]);
    const cloud = createAz({ parallel: 1 });
    const found = await Promise.all([cloud.endpoints(), cloud.endpoints()]);
    assert.deepEqual(found[0], { name: 'AzureCloud', resourceManager: 'https://management.azure.com' });
    assert.equal(fake.calls().length, 1);
  });

  test('the version', async (t) => {
    fakeAz(t, [{ when: 'version', stdout: '{\n  "azure-cli": "2.45.0",\n  "azure-cli-core": "2.45.0"\n}' }]);
    assert.equal(await createAz().azVersion(), '2.45.0');
  });
});
