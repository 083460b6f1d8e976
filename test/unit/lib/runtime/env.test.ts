import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Type } from 'typebox';
import { EnvironmentError, Port, readEnv } from '../../../../lib/runtime/env.ts';

const schema = Type.Object({
  OMS_PORT: Port({ default: 80 }),
  OMS_URL: Type.String(),
  OMS_FLAG: Type.Optional(Type.Boolean()),
});

suite('environment', () => {
  test('text becomes what the schema says, defaults fill in, other variables are left out', () => {
    const env = { OMS_URL: 'x', OMS_FLAG: 'true', HOME: '/root' };
    assert.deepEqual({ ...readEnv(schema, env) }, { OMS_PORT: 80, OMS_URL: 'x', OMS_FLAG: true });
    assert.equal(readEnv(schema, { ...env, OMS_PORT: '8080' }).OMS_PORT, 8080);
  });

  test('an empty variable is an absent one', () => {
    assert.throws(() => readEnv(schema, { OMS_URL: '' }), /OMS_URL is missing/);
  });

  test('every fault is named, no value is repeated', () => {
    const read = () => readEnv(schema, { OMS_PORT: 'hunter2' });
    assert.throws(read, (error: Error) => {
      assert.ok(error instanceof EnvironmentError);
      assert.match(error.message, /OMS_URL is missing/);
      assert.match(error.message, /OMS_PORT must be integer/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  });
});
