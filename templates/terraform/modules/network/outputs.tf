output "endpoint_ids" {
  description = "Resource ids of the private endpoints by name."
  value       = { for name, endpoint in azurerm_private_endpoint.main : name => endpoint.id }
}
