output "id" {
  description = "Resource id of the vault."
  value       = azurerm_key_vault.main.id
}

output "writable_id" {
  description = "Resource id of the vault, known once whoever deploys may write to it."
  value       = azurerm_key_vault.main.id

  depends_on = [time_sleep.roles_in_force]
}

output "name" {
  description = "Name of the vault."
  value       = azurerm_key_vault.main.name
}

output "uri" {
  description = "Address of the vault."
  value       = azurerm_key_vault.main.vault_uri
}
