import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staysWithArchive } from '../../../../../src/stages/destroy/what-stays.ts';

test('with the archive stays what holds its files; what leans on the rest goes with it', () => {
  const stays = [
    'azurerm_resource_group.main',
    'data.azurerm_client_config.current',
    'module.archive.azurerm_storage_account.archive',
    'module.archive.azurerm_storage_container.archive',
    'module.archive.azurerm_storage_container_immutability_policy.archive',
    'module.archive.azurerm_storage_management_policy.tiers',
    'module.archive.azurerm_role_assignment.deployer',
  ];
  const goes = [
    'module.archive.azurerm_role_assignment.capture',
    'module.archive.azurerm_management_lock.archive[0]',
    'module.archive.azurerm_monitor_diagnostic_setting.blobs',
    'module.archive.time_sleep.roles_in_force',
    'module.files.azurerm_storage_account.files',
    'module.namespace.azurerm_eventhub_namespace.main',
  ];
  assert.deepEqual([...stays, ...goes].filter(staysWithArchive), stays);
});
