import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { backendFile, firstOfMonth, terraformVariables } from '../../../src/render/terraform.ts';
import { type Environment, environmentPaths } from '../../../src/stages/provision/environment.ts';
import { VAULT_SECRETS } from '../../../src/stages/provision/topology.ts';
import { savedEnvironment } from '../../helpers/environment.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { installProviders } from '../../standins/terraform/cli-config.ts';

const run = promisify(execFile);
const template = join(import.meta.dirname, '..', '..', '..', 'templates', 'terraform');

const hasTerraform = () =>
  run('terraform', ['version']).then(
    () => true,
    () => false,
  );

/** The last lines of a plan of the template with what was rendered, by Terraform with the schema stand-in. */
async function plan(t: TestContext, environment: Environment): Promise<string> {
  const folder = tempFolder(t);
  const paths = environmentPaths(folder, environment.name);
  cpSync(template, paths.terraform, { recursive: true });
  const variables = terraformVariables(environment, { firstOfMonth: firstOfMonth(new Date()) });
  writeFileSync(paths.variables, JSON.stringify(variables));
  writeFileSync(paths.backend, JSON.stringify(backendFile(environment, paths)));
  const secrets = Object.fromEntries(VAULT_SECRETS.map((name) => [name, 'x'.repeat(32)]));
  const env = { ...process.env, ...installProviders(join(folder, 'mirror')), TF_VAR_secrets: JSON.stringify(secrets) };
  const options = { cwd: paths.terraform, env };
  await run('terraform', ['init', '-input=false', '-no-color'], options);
  const { stdout } = await run('terraform', ['plan', '-input=false', '-no-color'], options);
  return stdout;
}

const local = { state: { kind: 'local' } } as const;
const ENVIRONMENTS: Record<string, Environment> = {
  Standard: savedEnvironment(local),
  'Premium with everything': savedEnvironment({
    ...local,
    secondaryRegion: 'northeurope',
    capacity: { sku: 'Premium', units: 8, maximumUnits: 0, partitions: 64 },
    archiveRedundancy: 'RAGZRS',
    customerManagedKey: true,
    allowedRanges: ['203.0.113.7/32'],
    monthlyBudget: null,
    sasFallback: true,
  }),
};

for (const [name, environment] of Object.entries(ENVIRONMENTS)) {
  test(`Terraform takes the variables of ${name} (schema stand-in)`, async (t) => {
    if (!(await hasTerraform())) return t.diagnostic('terraform: not run');
    const text = await plan(t, environment);
    assert.match(text, /Plan: \d+ to add, 0 to change, 0 to destroy/);
    assert.doesNotMatch(text, /undeclared variable/);
  });
}
