import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { Type } from 'typebox';
import { carrierNames, OUTSIDE_ENV, outsideFrom } from '../../../../../apps/consumer/outside/registry.ts';
import { EnvironmentError, readEnv } from '../../../../../lib/runtime/env.ts';

const schema = Type.Object(OUTSIDE_ENV);

async function names(t: TestContext, source: NodeJS.ProcessEnv) {
  const { performers, inventory } = outsideFrom(readEnv(schema, source));
  t.after(async () => {
    for (const performer of performers) await performer.close();
    await inventory?.close();
  });
  return { performers: performers.map(({ name }) => name), inventory: inventory?.name };
}

suite('who is asked', () => {
  test('nobody who is not named', async (t) => {
    assert.deepEqual(await names(t, {}), { performers: [], inventory: undefined });
  });

  test('the sandbox, and the carriers by preference', async (t) => {
    const source = {
      OMS_PAYMENT_URL: 'http://127.0.0.1:1',
      OMS_CARRIER_URL: 'http://127.0.0.1:1',
      OMS_CARRIERS: 'snail,rocket',
      OMS_INVENTORY_URL: 'http://127.0.0.1:1',
    };
    assert.deepEqual(await names(t, source), { performers: ['sandbox', 'snail', 'rocket'], inventory: 'http' });
    assert.deepEqual(carrierNames(readEnv(schema, {})), ['swiftpost', 'parcelway']);
  });

  test('Stripe, which needs a key', async (t) => {
    assert.deepEqual((await names(t, { OMS_PAYMENT_PROVIDER: 'stripe', OMS_STRIPE_KEY: 'sk_test_1' })).performers, [
      'stripe',
    ]);
    assert.throws(() => outsideFrom(readEnv(schema, { OMS_PAYMENT_PROVIDER: 'stripe' })), {
      name: 'EnvironmentError',
      message: /OMS_STRIPE_KEY is missing/,
    });
  });

  test('names of carriers are kept to the form that events carry', () => {
    assert.throws(() => readEnv(schema, { OMS_CARRIERS: 'Swift Post' }), EnvironmentError);
  });
});
