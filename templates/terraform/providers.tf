provider "azurerm" {
  subscription_id = var.subscription_id
  environment     = var.cloud

  # The accounts refuse shared keys.
  storage_use_azuread = true

  # Registration changes the subscription, and a plan must change nothing: oms registers before it applies.
  resource_provider_registrations = "none"

  features {
    resource_group {
      prevent_deletion_if_contains_resources = true
    }
    key_vault {
      purge_soft_delete_on_destroy    = false
      recover_soft_deleted_key_vaults = true
    }
  }
}
