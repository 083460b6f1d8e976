output "hub_roles" {
  description = "What was granted at the hubs, as hub/role."
  value       = sort(keys(azurerm_role_assignment.hub))
}
