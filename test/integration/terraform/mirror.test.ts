import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeCertificates } from '../../helpers/certificates.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import {
  hasTerraform,
  releaseProtection,
  templateFolder,
  terraformFolder,
  VARIABLES,
} from '../../helpers/terraform-run.ts';
import { startArm } from '../../standins/arm/arm.ts';

const { names } = VARIABLES;

async function startCloud(t: TestContext) {
  const certificate = await makeCertificates(tempFolder(t));
  const arm = await startArm({ certificate, retryAfterSeconds: 0 });
  t.after(() => arm.stop());
  return { arm, env: { OMS_STANDIN_ARM: arm.url, NODE_EXTRA_CA_CERTS: certificate.caFile } };
}

test('what the schema stand-in makes is in the stand-in of Azure Resource Manager', async (t) => {
  if (!hasTerraform(t)) return;
  const { arm, env } = await startCloud(t);
  const terraform = await templateFolder(t, env);
  const resource = (end: string) =>
    Object.values(arm.state.resources).find(({ id }) => id.toLowerCase().endsWith(end.toLowerCase()));
  const namespace = () => resource(`/namespaces/${names.namespace}`);
  const policy = () => resource('/containers/archive/immutabilityPolicies/default');

  await t.test('a failure of Azure becomes one of Terraform', async () => {
    arm.faults.add({ method: 'PUT', path: '/storageAccounts/', answer: 'forbidden' });
    const { code, output } = await terraform.run('apply', '-auto-approve');
    assert.equal(code, 1);
    assert.match(output, /unexpected status 403 .*AuthorizationFailed/s);
    arm.faults.clear();
  });

  await t.test('applied again, everything is there as the published contract wants it', async () => {
    const { code, output } = await terraform.run('apply', '-auto-approve');
    assert.equal(code, 0, output);
    assert.deepEqual(arm.violations, []);
    assert.deepEqual(namespace()?.sku, { name: 'Standard', tier: 'Standard', capacity: 6 });
    assert.equal(namespace()?.properties.disableLocalAuth, true);
    const hub = resource('/eventhubs/orders')!.properties;
    const capture = hub.captureDescription as { destination: { identity: { type: string } } };
    assert.equal(hub.partitionCount, 8);
    assert.equal(capture.destination.identity.type, 'UserAssigned');
    assert.equal(policy()?.properties.immutabilityPeriodSinceCreationInDays, 3653);
    assert.ok(resource('/eventhubs/orders/consumerGroups/oms-check'));
  });

  await t.test('nothing was changed, and nothing is found changed', async () => {
    const { code, output } = await terraform.run('plan', '-detailed-exitcode');
    assert.equal(code, 0, output);
  });

  await t.test('what somebody changed at the portal is drift', async () => {
    namespace()!.properties.disableLocalAuth = false;
    resource('/eventhubs/orders-dlq')!.properties.partitionCount = 16;
    const rules = resource('/networkRuleSets/default')!.properties;
    rules.ipRules = [{ ipMask: '0.0.0.0/0', action: 'Allow' }];
    const { code, output } = await terraform.run('plan', '-refresh-only', '-detailed-exitcode');
    assert.equal(code, 2, output);
    assert.match(output, /local_authentication_enabled\s+= false -> true/);
    assert.match(output, /partition_count\s+= 2 -> 16/);
    assert.match(output, /"203.0.113.0\/24" -> "0.0.0.0\/0"/);
    namespace()!.properties.disableLocalAuth = true;
    resource('/eventhubs/orders-dlq')!.properties.partitionCount = 2;
    rules.ipRules = [{ ipMask: '203.0.113.0/24', action: 'Allow' }];
  });

  await t.test('what somebody deleted is to be made again', async () => {
    const group = resource('/eventhubs/orders/consumerGroups/oms-check')!;
    delete arm.state.resources[group.id.toLowerCase()];
    const { output } = await terraform.run('apply', '-auto-approve');
    assert.match(output, /Apply complete! Resources: 1 added, 0 changed, 0 destroyed/);
  });

  await t.test('destroyed, the cloud is empty of it', async () => {
    releaseProtection(terraform);
    const { code, output } = await terraform.run('apply', '-destroy', '-auto-approve');
    assert.equal(code, 0, output);
    assert.equal(namespace(), undefined);
    assert.equal(resource(`/storageAccounts/${names.archive_account}`), undefined);
    assert.equal(resource(`/resourceGroups/${names.resource_group}`), undefined);
  });
});

/** An account with a container of immutable files. */
const archive = (days: number) => `
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "~> 5.2" }
  }
}
provider "azurerm" {
  subscription_id = "${VARIABLES.subscription_id}"
  features {}
}
resource "azurerm_resource_group" "main" {
  name     = "rg-oms-test"
  location = "westeurope"
}
resource "azurerm_storage_account" "main" {
  name                     = "stomsarchivetest"
  location                 = "westeurope"
  resource_group_name      = azurerm_resource_group.main.name
  account_tier             = "Standard"
  account_replication_type = "RAGRS"
}
resource "azurerm_storage_container" "main" {
  name               = "archive"
  storage_account_id = azurerm_storage_account.main.id
}
resource "azurerm_storage_container_immutability_policy" "main" {
  storage_container_resource_manager_id = azurerm_storage_container.main.id
  immutability_period_in_days           = ${days}
  locked                                = true
}
`;

test('a locked archive stays', async (t) => {
  if (!hasTerraform(t)) return;
  const { arm, env } = await startCloud(t);
  const terraform = terraformFolder(t, env);
  const write = (days: number) => writeFileSync(join(terraform.folder, 'main.tf'), archive(days));
  write(3653);
  await terraform.run('init');
  const locked = await terraform.run('apply', '-auto-approve');
  assert.equal(locked.code, 0, locked.output);

  write(4000);
  const extended = await terraform.run('plan');
  assert.match(extended.output, /cannot be decreased/);

  write(3653);
  const { code, output } = await terraform.run('apply', '-destroy', '-auto-approve');
  assert.equal(code, 1);
  assert.match(output, /unexpected status 409/);
  assert.ok(Object.values(arm.state.resources).some(({ name }) => name === 'stomsarchivetest'));
});
