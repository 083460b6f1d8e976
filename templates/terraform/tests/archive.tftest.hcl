# The archive's module alone: retention, tiers, lock.

mock_provider "azurerm" {}

mock_provider "time" {}

variables {
  account_name         = "omsdemoarchiveabc123"
  resource_group_name  = "rg-oms-demo"
  location             = "westeurope"
  container_name       = "archive"
  retention_days       = 3653
  locked               = false
  redundancy           = "RAGRS"
  ip_rules             = []
  protect              = true
  deployer_object_id   = "11111111-1111-4111-8111-111111111111"
  capture_principal_id = "22222222-2222-4222-8222-222222222222"
  log_workspace_id     = "/workspace"
  role_propagation     = "300s"
  tags                 = {}
}

run "with_archive_tier" {
  command = plan

  module {
    source = "./modules/archive"
  }

  assert {
    condition     = azurerm_storage_container_immutability_policy.archive.immutability_period_in_days == 3653 && !azurerm_storage_container_immutability_policy.archive.locked
    error_message = "The policy is not of 3653 days or locked already."
  }
  assert {
    condition     = azurerm_storage_management_policy.tiers.rule[0].actions[0].base_blob[0].tier_to_archive_after_days_since_modification_greater_than == 180
    error_message = "Old files do not go to the Archive tier."
  }
  assert {
    condition     = coalesce(azurerm_storage_management_policy.tiers.rule[0].actions[0].base_blob[0].delete_after_days_since_modification_greater_than, -1) == -1
    error_message = "A rule deletes."
  }
  assert {
    condition     = !azurerm_storage_account.archive.shared_access_key_enabled && azurerm_storage_account.archive.network_rules[0].default_action == "Deny"
    error_message = "The account takes keys or strangers."
  }
  assert {
    condition     = azurerm_management_lock.archive[0].lock_level == "CanNotDelete"
    error_message = "The account has no lock."
  }
}

run "with_zones" {
  command = plan

  module {
    source = "./modules/archive"
  }

  variables {
    redundancy = "RAGZRS"
  }

  assert {
    condition     = coalesce(azurerm_storage_management_policy.tiers.rule[0].actions[0].base_blob[0].tier_to_archive_after_days_since_modification_greater_than, -1) == -1
    error_message = "Azure has no Archive tier with zone redundancy."
  }
  assert {
    condition     = azurerm_storage_management_policy.tiers.rule[0].actions[0].base_blob[0].tier_to_cold_after_days_since_modification_greater_than == 90
    error_message = "Old files do not get colder."
  }
}

run "without_a_lock" {
  command = plan

  module {
    source = "./modules/archive"
  }

  variables {
    protect = false
  }

  assert {
    condition     = length(azurerm_management_lock.archive) == 0
    error_message = "A lock is made that was not wanted."
  }
}

run "a_year_is_not_enough" {
  command = plan

  module {
    source = "./modules/archive"
  }

  variables {
    retention_days = 365
  }

  expect_failures = [var.retention_days]
}
