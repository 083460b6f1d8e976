output "alias" {
  description = "Name that leads to whichever namespace of the pair is in charge."
  value       = azurerm_eventhub_namespace_disaster_recovery_config.pair.name
}

output "namespace_id" {
  description = "Resource id of the second namespace."
  value       = azurerm_eventhub_namespace.secondary.id
}
