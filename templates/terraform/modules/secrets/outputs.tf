output "names" {
  description = "Names of the secrets in the vault."
  value       = sort([for secret in azurerm_key_vault_secret.main : secret.name])
}
