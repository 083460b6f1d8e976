output "key_id" {
  description = "Id of the key, its version included, known once the namespace is encrypted with it."
  value       = azurerm_key_vault_key.namespace.id

  depends_on = [azurerm_eventhub_namespace_customer_managed_key.main]
}
