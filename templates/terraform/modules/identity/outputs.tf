output "id" {
  description = "Resource id of the identity."
  value       = azurerm_user_assigned_identity.capture.id
}

output "principal_id" {
  description = "Object id that roles are given to."
  value       = azurerm_user_assigned_identity.capture.principal_id
}
