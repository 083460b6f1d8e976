output "account_name" {
  description = "Name of the storage account."
  value       = azurerm_storage_account.files.name
}

output "account_id" {
  description = "Resource id of the storage account."
  value       = azurerm_storage_account.files.id
}

output "blob_endpoint" {
  description = "Address of the account's blobs."
  value       = azurerm_storage_account.files.primary_blob_endpoint
}

output "container_ids" {
  description = "Resource ids of the containers by name."
  value       = { for name, container in azurerm_storage_container.files : name => container.id }
}
