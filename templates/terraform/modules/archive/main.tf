terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
    time    = { source = "hashicorp/time" }
  }
}

locals {
  # Azure offers the Archive tier only without zone redundancy, and changing between the two replaces the account.
  has_archive_tier = var.redundancy == "RAGRS"
}

resource "azurerm_storage_account" "archive" {
  name                = var.account_name
  resource_group_name = var.resource_group_name
  location            = var.location

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.redundancy
  access_tier              = "Hot"

  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  infrastructure_encryption_enabled = true
  is_hns_enabled                    = false

  shared_access_key_enabled        = false
  default_to_oauth_authentication  = true
  local_user_enabled               = false
  allow_nested_items_to_be_public  = false
  cross_tenant_replication_enabled = false
  allowed_copy_scope               = "AAD"

  # Capture comes in as a trusted service, which is documented for "selected networks"; everything else is denied below.
  public_network_access_enabled = true

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
    ip_rules       = var.ip_rules
  }

  blob_properties {
    versioning_enabled            = true
    change_feed_enabled           = true
    change_feed_retention_in_days = var.retention_days

    delete_retention_policy {
      days = 365
    }
    container_delete_retention_policy {
      days = 365
    }
  }

  tags = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_container" "archive" {
  name                  = var.container_name
  storage_account_id    = azurerm_storage_account.archive.id
  container_access_type = "private"

  lifecycle {
    prevent_destroy = true
  }
}

# Capture writes each file once and as a whole, so that plain immutability fits: no appends to protected files.
resource "azurerm_storage_container_immutability_policy" "archive" {
  storage_container_resource_manager_id = azurerm_storage_container.archive.id
  immutability_period_in_days           = var.retention_days
  locked                                = var.locked
  protected_append_writes_enabled       = false
  protected_append_writes_all_enabled   = false

  lifecycle {
    prevent_destroy = true
  }
}

# Files only ever get colder. There is no rule that deletes: in an immutable container it would do nothing, and outside
# of one it would delete the audit copy.
resource "azurerm_storage_management_policy" "tiers" {
  storage_account_id = azurerm_storage_account.archive.id

  rule {
    name    = "colder-with-age"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["${var.container_name}/"]
    }

    actions {
      base_blob {
        tier_to_cool_after_days_since_modification_greater_than    = 30
        tier_to_cold_after_days_since_modification_greater_than    = 90
        tier_to_archive_after_days_since_modification_greater_than = local.has_archive_tier ? 180 : null
      }
    }
  }
}

# Switching Capture on checks that whoever deploys may write to the destination ("linked access check").
resource "azurerm_role_assignment" "deployer" {
  scope                = azurerm_storage_account.archive.id
  role_definition_name = "Storage Blob Data Owner"
  principal_id         = var.deployer_object_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "azurerm_role_assignment" "capture" {
  scope                = azurerm_storage_account.archive.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = var.capture_principal_id
  principal_type       = "ServicePrincipal"
}

resource "time_sleep" "roles_in_force" {
  create_duration = var.role_propagation

  triggers = {
    deployer = azurerm_role_assignment.deployer.id
    capture  = azurerm_role_assignment.capture.id
  }
}

# Who read, wrote or tried to delete in the archive.
resource "azurerm_monitor_diagnostic_setting" "blobs" {
  name                       = "oms"
  target_resource_id         = "${azurerm_storage_account.archive.id}/blobServices/default"
  log_analytics_workspace_id = var.log_workspace_id

  enabled_log {
    category_group = "audit"
  }
  enabled_metric {
    category = "Transaction"
  }
}

# Against everybody but Terraform, which takes it off first when it destroys; prevent_destroy is against Terraform.
# Made last and removed first, because while it is there nothing below the account can be deleted either.
resource "azurerm_management_lock" "archive" {
  count = var.protect ? 1 : 0

  name       = "audit-archive"
  scope      = azurerm_storage_account.archive.id
  lock_level = "CanNotDelete"
  notes      = "Audit archive of ${var.retention_days} days. Removed by oms destroy after its name was typed."

  depends_on = [
    azurerm_storage_container_immutability_policy.archive,
    azurerm_storage_management_policy.tiers,
    azurerm_role_assignment.deployer,
    azurerm_role_assignment.capture,
    azurerm_monitor_diagnostic_setting.blobs,
  ]
}
