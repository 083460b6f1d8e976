output "id" {
  description = "Resource id of the namespace."
  value       = azurerm_eventhub_namespace.main.id
}

output "name" {
  description = "Name of the namespace."
  value       = azurerm_eventhub_namespace.main.name
}

output "hub_ids" {
  description = "Resource ids of the hubs by name."
  value       = { for name, hub in azurerm_eventhub.main : name => hub.id }
}

output "hubs" {
  description = "Resource id, partitions and consumer groups of each hub."
  value = {
    for name, hub in azurerm_eventhub.main : name => {
      id         = hub.id
      partitions = hub.partition_count
      consumer_groups = sort([
        for group in azurerm_eventhub_consumer_group.main : group.name if group.eventhub_name == name
      ])
    }
  }
}
