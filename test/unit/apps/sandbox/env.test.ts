import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsFrom } from '../../../../apps/sandbox/env.ts';
import { EnvironmentError } from '../../../../lib/runtime/env.ts';

test('faults from the environment name the variable and what is wrong with it', () => {
  assert.equal(faultsFrom('{"error_rate": 0.5}').error_rate, 0.5);
  for (const wrong of ['{', '7', '{"error_rate": 2}', '{"eror_rate": 0.5}']) {
    assert.throws(
      () => faultsFrom(wrong),
      (error: Error) => {
        return error instanceof EnvironmentError && error.message.startsWith('environment: OMS_SANDBOX_FAULTS: ');
      },
    );
  }
});
