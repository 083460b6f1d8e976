import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Context } from '../../../../../../src/context.ts';
import { OmsError } from '../../../../../../src/errors.ts';
import { withAllMissingTools } from '../../../../../../src/stages/provision/preflight/missing-tools.ts';
import { AZ } from '../../../../../../src/tools/az.ts';
import { TERRAFORM } from '../../../../../../src/tools/terraform.ts';

const machineWith = (version: string | undefined) => ({ terraform: { version: async () => version } }) as Context;
const noAz = new OmsError('tool_missing', 'az is not installed, or not on PATH', { next: [AZ.hint] });

suite('a machine without az', () => {
  test('and without terraform: both are told at once, and what needs neither', async () => {
    const { code, message, next } = (await withAllMissingTools(noAz, machineWith(undefined))) as OmsError;
    assert.deepEqual([code, message], ['tool_missing', 'az and terraform are not installed, or not on PATH']);
    assert.deepEqual(next.slice(0, 2), [AZ.hint, TERRAFORM.hint]);
    assert.match(next[2]!, /^oms cost /);
  });

  test('with terraform: az alone', async () => {
    const { message, next } = (await withAllMissingTools(noAz, machineWith('1.11.4'))) as OmsError;
    assert.equal(message, noAz.message);
    assert.deepEqual([next.length, next[0]], [2, AZ.hint]);
  });

  test('any other error stays what it is', async () => {
    const other = new OmsError('login_missing', 'az is not logged in');
    assert.equal(await withAllMissingTools(other, machineWith(undefined)), other);
  });
});
