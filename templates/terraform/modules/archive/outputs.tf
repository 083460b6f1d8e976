output "account_name" {
  description = "Name of the archive's storage account."
  value       = azurerm_storage_account.archive.name
}

output "account_id" {
  description = "Resource id of the archive's storage account."
  value       = azurerm_storage_account.archive.id
}

output "blob_endpoint" {
  description = "Address of the account's blobs."
  value       = azurerm_storage_account.archive.primary_blob_endpoint
}

output "container_name" {
  description = "Container of the archive."
  value       = azurerm_storage_container.archive.name
}

output "capture_destination" {
  description = "Where Capture writes to, known once its roles are in force and nothing written can be deleted any more."
  value = {
    storage_account_id = azurerm_storage_account.archive.id
    container_name     = azurerm_storage_container.archive.name
  }

  depends_on = [
    time_sleep.roles_in_force,
    azurerm_storage_container_immutability_policy.archive,
  ]
}
