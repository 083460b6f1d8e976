import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withoutExpected } from '../../../../../src/stages/provision/expected-drift.ts';
import { summarisePlan } from '../../../../../src/stages/provision/plan/summary.ts';
import { demoEnvironment } from '../../../../helpers/provisioned.ts';
import { plan, planned } from '../../../../helpers/terraform-plan.ts';

/** What remains of a drift of one resource, as "path: old -> new". */
function remaining(type: string, before: object, after: object, locked = false): string[] {
  const { drift } = summarisePlan(plan([], [planned(type, ['update'], { before, after }, {})]));
  const found = withoutExpected({ drifted: true, resources: drift }, demoEnvironment({ archiveLocked: locked }));
  assert.equal(found.drifted, found.resources.length > 0);
  return found.resources.flatMap(({ changes }) => changes.map((one) => `${one.path}: ${one.before} -> ${one.after}`));
}

const NAMESPACE = 'azurerm_eventhub_namespace';
const POLICY = 'azurerm_storage_container_immutability_policy';

suite('drift that is none', () => {
  test('units that auto-inflate has raised', () => {
    assert.deepEqual(remaining(NAMESPACE, { capacity: 6 }, { capacity: 9 }), []);
  });

  test('beside them what somebody did still counts', () => {
    const after = { capacity: 9, minimum_tls_version: '1.0' };
    assert.deepEqual(remaining(NAMESPACE, { capacity: 6, minimum_tls_version: '1.2' }, after), [
      'minimum_tls_version: 1.2 -> 1.0',
    ]);
  });

  test('units below what was asked for, or beyond the cap, were somebody', () => {
    assert.deepEqual(remaining(NAMESPACE, { capacity: 6 }, { capacity: 2 }), ['capacity: 6 -> 2']);
    assert.deepEqual(remaining(NAMESPACE, { capacity: 6 }, { capacity: 13 }), ['capacity: 6 -> 13']);
  });

  test('the lock of oms, and not one that oms knows nothing of', () => {
    assert.deepEqual(remaining(POLICY, { locked: false }, { locked: true }, true), []);
    assert.deepEqual(remaining(POLICY, { locked: false }, { locked: true }), ['locked: false -> true']);
  });
});
