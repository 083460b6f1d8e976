import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { registerProviders } from '../../../../../src/stages/provision/register.ts';
import { ANSWERS, demoEnvironment } from '../../../../helpers/azure-answers.ts';
import { AZ_SAYS } from '../../../../helpers/fake-az.ts';
import { fakeCloud } from '../../../../helpers/fake-cloud.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';

/** Enough for what comes in the end, on any machine; and for what never comes. */
const [patience, impatience] = [
  { deadlineMs: 60_000, everyMs: 1 },
  { deadlineMs: 100, everyMs: 1 },
];

/** A subscription that has registered everything but what is named, and takes a few looks for these. */
function subscription(missing: string[], looks: number) {
  const asked = new Set<string>();
  let left = looks;
  const list = () => {
    const done = asked.size > 0 && left-- <= 0;
    const stateOf = (namespace: string) => {
      const name = missing.find((one) => one.toLowerCase() === namespace.toLowerCase());
      if (!name || (done && asked.has(name))) return 'Registered';
      return asked.has(name) ? 'Registering' : 'NotRegistered';
    };
    return { json: ANSWERS.providers.json.map(({ namespace }) => ({ namespace, state: stateOf(namespace) })) };
  };
  const cloud = fakeCloud([
    { when: 'provider list', reply: list },
    {
      when: 'provider register',
      reply: (args) => {
        asked.add(args[args.indexOf('--namespace') + 1]!);
        return {};
      },
    },
  ]);
  return { ...quietContext('/nowhere'), cloud };
}

suite('registering resource providers', () => {
  test('registers what is missing and waits until Azure has done it', async () => {
    const context = subscription(['Microsoft.Storage', 'Microsoft.Insights'], 2);
    const said: string[] = [];
    const made = await registerProviders(demoEnvironment(), context, { patience, report: (text) => said.push(text) });
    assert.deepEqual(made, ['Microsoft.Storage', 'Microsoft.Insights']);
    assert.deepEqual(said.slice(0, 2), [
      'Microsoft.Storage, Microsoft.Insights',
      'waiting for Microsoft.Storage, Microsoft.Insights',
    ]);
  });

  test('with everything registered nothing is changed', async () => {
    const context = subscription([], 0);
    assert.deepEqual(await registerProviders(demoEnvironment(), context, { patience }), []);
    assert.equal(context.cloud.calls.length, 1);
  });

  test('Azure that does not come to an end', async () => {
    await assert.rejects(
      registerProviders(demoEnvironment(), subscription(['Microsoft.Storage'], 1_000_000), { patience: impatience }),
      { code: 'azure_failed', why: /still at it/ },
    );
  });

  test('somebody who may not', async () => {
    const cloud = fakeCloud([
      { when: 'provider list', json: [] },
      { when: 'provider register', stderr: AZ_SAYS.denied },
    ]);
    await assert.rejects(registerProviders(demoEnvironment(), { ...quietContext('/nowhere'), cloud }), {
      code: 'azure_failed',
      message: /could not be registered: AuthorizationFailed/,
    });
  });
});
