import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Type } from 'typebox';
import { EnvironmentError, Port, readEnv } from '../../../../lib/runtime/env.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';

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

  test('a value may be in a file, as containers get their secrets; what cannot be read is named', (t) => {
    const file = join(tempFolder(t), 'url');
    writeFileSync(file, 'mysql://shop\n');
    assert.equal(readEnv(schema, { OMS_URL_FILE: file }).OMS_URL, 'mysql://shop');
    assert.equal(readEnv(schema, { OMS_URL: 'x', OMS_URL_FILE: file }).OMS_URL, 'x');
    assert.throws(() => readEnv(schema, { OMS_URL_FILE: `${file}.gone` }), /OMS_URL_FILE cannot be read: ENOENT/);
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
