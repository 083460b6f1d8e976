output "key_id" {
  description = "Id of the key, its version included."
  value       = azurerm_key_vault_key.namespace.id
}
