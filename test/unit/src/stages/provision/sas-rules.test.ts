import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureSasRules } from '../../../../../src/stages/provision/sas-rules.ts';
import { demoContext, demoEnvironment, demoManagement } from '../../../../helpers/provisioned.ts';

test('each hub gets its rules where shared access keys are wanted, and none otherwise', async () => {
  const made: string[][] = [];
  const management = demoManagement({ ensureHubRules: async (...args) => void made.push(args) });
  const context = demoContext({ management });
  assert.deepEqual(await ensureSasRules(demoEnvironment(), context), []);
  assert.deepEqual(made, []);
  const hubs = ['orders', 'order-events', 'orders-dlq'];
  assert.deepEqual(await ensureSasRules(demoEnvironment({ sasFallback: true }), context), hubs);
  assert.deepEqual(
    made,
    hubs.map((hub) => ['rg-oms-demo', 'evhns-oms-demo', hub]),
  );
});
