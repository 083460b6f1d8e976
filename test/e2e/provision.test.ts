import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import type { CanaryReport } from '../../src/stages/provision/canary.ts';
import { Outputs } from '../../src/stages/provision/outputs.ts';
import { RunReport } from '../../src/stages/provision/report.ts';
import { type Provisioning, startProvisioning } from '../helpers/provisioning.ts';
import type { Resource } from '../standins/arm/state.ts';

const LOAD = ['--rate', '5000', '--event-bytes', '1024', '--region', 'westeurope', '--capture-interval', '60s'];
const VAULT_SECRETS = 5;

const resources = ({ arm }: Provisioning, environment: string): Resource[] =>
  Object.values(arm.state.resources).filter(({ id }) =>
    id.toLowerCase().includes(`/resourcegroups/rg-oms-${environment}`),
  );

function resource(cloud: Provisioning, environment: string, type: RegExp): Resource {
  const found = resources(cloud, environment).find((one) => type.test(one.type));
  assert.ok(found, `no ${type} in ${environment}`);
  return found;
}

const namespaceOf = (cloud: Provisioning) => resource(cloud, 'demo', /\/namespaces$/i);
const policyOf = (cloud: Provisioning) => resource(cloud, 'demo', /\/immutabilityPolicies$/i);
const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** Steps build on each other: what comes after a failed one would only fail, too. */
async function follow(t: test.TestContext, steps: Record<string, () => Promise<void>>): Promise<void> {
  let failed = false;
  for (const [name, step] of Object.entries(steps)) {
    await t.test(name, { skip: failed }, async () => {
      failed = true;
      await step();
      failed = false;
    });
  }
}

test('an environment from its plan to its end, at the stand-ins of Azure', async (t) => {
  const cloud = await startProvisioning(t);
  if ('missing' in cloud) return t.skip(`${cloud.missing}: not run`);
  const { arm, dir, certificate, run, json } = cloud;
  const provision = (...args: string[]) => run('provision', '--env', 'demo', ...args);
  const untouched = JSON.stringify(arm.state);

  await follow(t, {
    'a plan alone shows size, costs and plan, and makes nothing': async () => {
      const [{ code, stdout }, asJson] = await Promise.all([
        provision(...LOAD, '--plan-only'),
        json('provision', '--env', 'second', ...LOAD, '--plan-only'),
      ]);
      assert.equal(code, 0);
      assert.match(stdout, /Chosen: Standard, 6 throughput units, auto-inflate up to 12, 8 partitions a hub/);
      assert.match(stdout, /^What is billed by what/m);
      assert.match(stdout, /^Ready to provision/m);
      assert.match(stdout, /^Plan: 50 to create$/m);
      assert.match(stdout, /^next {2}the same command without --plan-only$/m);
      assert.match(stdout, /namespace +Event hub +3 +order-events, orders, orders-dlq/);
      assert.deepEqual([asJson.code, asJson.stderr, asJson.result.plan.counts.create], [0, '', 50]);
      assert.equal(asJson.result.environment.capacity.units, 6);
      assert.ok(asJson.result.sizing && asJson.result.preflight.length > 10);
      assert.equal(JSON.stringify(arm.state), untouched);
    },
    'applied, it is read back as it should be, and a canary gets into the archive': async () => {
      const range = ['--allow-ip', '203.0.113.0/24'];
      const { code, stdout, stderr } = await provision(...LOAD, ...range, '--certificate', certificate, '--yes');
      assert.equal(code, 0, stderr);
      assert.match(stdout, /settings read back from Azure: all as expected/);
      const [, file] = stdout.match(/canary {5}back in \d+ ms, in the archive as (\S+\/orders\/\S+\.avro)$/m) ?? [];
      const report = readJson(stdout.match(/report {5}(\S+)/)![1]!);
      assert.ok(Compile(RunReport).Check(report));
      assert.deepEqual([report.outcome, report.summary?.added], ['done', 57]);
      assert.equal((report.canary as CanaryReport).archive.file, file);
      assert.ok(Compile(Outputs).Check(readJson(join(dir, 'demo', 'outputs.json'))));
      assert.deepEqual(arm.violations, []);
    },
    'a second time there is nothing to do, and nothing has drifted': async () => {
      const { code, result } = await json('provision', '--env', 'demo', '--no-canary');
      assert.deepEqual([code, result.outcome, result.plan.changes], [0, 'unchanged', false]);
      const drift = await provision('--drift');
      assert.equal(drift.code, 0, drift.stdout);
      assert.doesNotMatch(drift.stderr, /never applied|did not come to its end/);
    },
    'what somebody changed is named, from old to new; auto-inflate is nobody': async () => {
      const { properties, ...namespace } = namespaceOf(cloud);
      properties.disableLocalAuth = false;
      properties.maximumThroughputUnits = 20;
      (namespace.sku as { capacity: number }).capacity = 9;
      const { code, stdout } = await provision('--drift');
      assert.equal(code, 2);
      const changes = stdout.split('\n').filter((line) => line.includes(' -> '));
      assert.deepEqual(
        changes.map((line) => line.trim()),
        ['maximum_throughput_units: 12 -> 20', 'local_authentication_enabled: false -> true'],
      );
    },
    'provisioned again, it is as it was, with the units it was raised to': async () => {
      const { code, stdout, stderr } = await provision('--yes', '--no-canary');
      assert.equal(code, 0, stderr);
      assert.match(stdout, /all as expected/);
      const { properties, sku } = namespaceOf(cloud);
      assert.deepEqual([properties.disableLocalAuth, properties.maximumThroughputUnits], [true, 12]);
      assert.equal((sku as { capacity: number }).capacity, 9);
    },
    'the archive is locked when its account is named, and not by another name': async () => {
      const account = readJson(join(dir, 'demo', 'outputs.json')).archive.account;
      const wrong = await provision('--lock-archive', '--confirm', 'demo', '--no-canary');
      assert.equal(wrong.code, 3);
      assert.match(wrong.stderr, new RegExp(`the archive is ${account}; it was not locked`));
      assert.equal(policyOf(cloud).properties.state, 'Unlocked');
      // Something has to be set right beside it: the account's name is no answer to that question.
      namespaceOf(cloud).properties.disableLocalAuth = false;
      const { code, stdout, stderr } = await provision('--lock-archive', '--confirm', account, '--yes', '--no-canary');
      assert.equal(code, 0, stderr);
      assert.equal(namespaceOf(cloud).properties.disableLocalAuth, true);
      assert.match(stdout, new RegExp(`locked {5}${account}/archive for 3653 days`));
      assert.equal(policyOf(cloud).properties.state, 'Locked');
      assert.equal((await provision('--drift')).code, 0);
    },
    'nothing is destroyed without its name; with it, all but the locked archive': async () => {
      const before = resources(cloud, 'demo').length;
      const refused = await run('destroy', '--env', 'demo');
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /oms destroy --env demo --confirm demo/);
      assert.equal(resources(cloud, 'demo').length, before);
      const { code, stdout, stderr } = await run('destroy', '--env', 'demo', '--confirm', 'demo');
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /-target|incomplete/);
      assert.match(
        stdout,
        /What stays:\n {2}archive account \S+ and resource group rg-oms-demo\n {4}its policy is locked/,
      );
      const { id } = resource(cloud, 'demo', /\/storageAccounts$/i);
      const others = resources(cloud, 'demo').filter((one) => !one.id.startsWith(id));
      assert.deepEqual(
        others.map(({ name }) => name),
        ['rg-oms-demo'],
      );
      assert.equal(policyOf(cloud).properties.state, 'Locked');
      assert.deepEqual(
        Object.values(arm.state.applications).filter(({ displayName }) => /^oms-demo-apps/.test(String(displayName))),
        [],
      );
      assert.equal(readJson(join(dir, 'demo', 'environment.json')).applicationObjectId, null);
      const again = await json('destroy', '--env', 'demo', '--confirm', 'demo');
      assert.deepEqual([again.code, again.result.outcome, again.result.stays.length], [0, 'unchanged', 2]);
    },
    'an environment whose archive is not locked goes as a whole': async () => {
      const keys = ['--sas-fallback', '--no-canary', '--yes'];
      const made = await json('provision', '--env', 'second', ...LOAD, ...keys);
      assert.deepEqual([made.code, made.result?.outcome], [0, 'applied'], JSON.stringify(made.error));
      const rules = resources(cloud, 'second').filter(({ id }) => /eventhubs\/.*\/authorizationrules\//i.test(id));
      assert.deepEqual(new Set(rules.map(({ name }) => name)), new Set(['oms-send', 'oms-listen']));
      const { code, stdout, stderr } = await run('destroy', '--env', 'second', '--confirm', 'second');
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^Destroyed\.$/m);
      assert.deepEqual(resources(cloud, 'second'), []);
      assert.ok(!existsSync(join(dir, 'second', 'outputs.json')));
    },
    'secrets were nowhere but in the environment of Terraform': async () => {
      const secrets = new Set(cloud.secrets().filter(Boolean));
      assert.ok(secrets.size >= VAULT_SECRETS, `${secrets.size} secrets`);
      const traces = cloud.traces();
      assert.ok([...traces.keys()].some((name) => name.includes('.tfplan/')));
      const found = [...traces].filter(([, data]) => [...secrets].some((secret) => data.includes(secret)));
      assert.deepEqual(
        found.map(([where]) => where),
        [],
      );
    },
  });
});
