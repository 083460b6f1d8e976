import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasTerraform, terraformFolder } from '../../helpers/terraform-run.ts';

const HEAD = `
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "~> 5.2" }
  }
}
provider "azurerm" {
  features {}
}
`;

const namespace = (more: string) => `
resource "azurerm_eventhub_namespace" "main" {
  name                = "evhns-oms-test"
  location            = "westeurope"
  resource_group_name = "rg-oms-test"
  sku                 = "Standard"
  ${more}
}
`;

/** A mistake in a configuration, and what is to be said about it. */
const MISTAKES: readonly { name: string; text: string; says: RegExp }[] = [
  {
    name: 'an unknown argument',
    text: namespace('capacitty = 2'),
    says: /An argument named "capacitty" is not expected here/,
  },
  {
    name: 'an argument that 5.0 took away',
    text: `resource "azurerm_eventhub" "main" {
      name                = "orders"
      namespace_name      = "evhns-oms-test"
      resource_group_name = "rg-oms-test"
      partition_count     = 4
    }`,
    says: /An argument named "namespace_name" is not expected here/,
  },
  {
    name: 'a required argument left out',
    text: 'resource "azurerm_storage_management_policy" "main" {}',
    says: /The argument "storage_account_id" is required/,
  },
  {
    name: 'a value outside of the documented list',
    text: namespace('minimum_tls_version = "1.0"'),
    says: /expected minimum_tls_version to be one of \["1.2"\], got 1.0/,
  },
];

test('the schema stand-in refuses what azurerm 5.2 refuses', async (t) => {
  if (!hasTerraform(t)) return;
  const terraform = terraformFolder(t);
  const write = (text: string) => writeFileSync(join(terraform.folder, 'main.tf'), HEAD + text);
  write(namespace(''));
  const { code, output } = await terraform.run('init');
  assert.equal(code, 0, output);

  for (const { name, text, says } of MISTAKES) {
    await t.test(name, async () => {
      write(text);
      const validated = await terraform.run('validate');
      assert.equal(validated.code, 1);
      assert.match(validated.output, says);
    });
  }

  await t.test('a plan without a subscription', async () => {
    write(namespace(''));
    const planned = await terraform.run('plan');
    assert.equal(planned.code, 1);
    assert.match(planned.output, /`subscription_id` is a required provider property/);
  });

  await t.test('its lock file is the same wherever it is installed, so that init can be repeated', async () => {
    const again = terraformFolder(t);
    writeFileSync(join(again.folder, 'main.tf'), HEAD);
    copyFileSync(join(terraform.folder, '.terraform.lock.hcl'), join(again.folder, '.terraform.lock.hcl'));
    const repeated = await again.run('init', '-lockfile=readonly');
    assert.equal(repeated.code, 0, repeated.output);
  });
});
