terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}

locals {
  hub_roles = merge([
    for hub, roles in var.hub_roles : {
      for role in roles : "${hub}/${role}" => { hub = hub, role = "Azure Event Hubs Data ${role}" }
    }
  ]...)
}

resource "azurerm_role_assignment" "hub" {
  for_each = local.hub_roles

  scope                = var.hub_ids[each.value.hub]
  role_definition_name = each.value.role
  principal_id         = var.principal_id
  principal_type       = var.principal_type
}

resource "azurerm_role_assignment" "container" {
  for_each = var.container_ids

  scope                = each.value
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = var.principal_id
  principal_type       = var.principal_type
}

resource "azurerm_role_assignment" "vault" {
  for_each = var.key_vault_ids

  scope                = each.value
  role_definition_name = "Key Vault Secrets User"
  principal_id         = var.principal_id
  principal_type       = var.principal_type
}

# Role assignments are not copied to the second namespace of a pair, and its hubs are no resources of ours.
resource "azurerm_role_assignment" "secondary" {
  for_each = { for pair in setproduct(keys(var.secondary_namespace_ids), toset(flatten(values(var.hub_roles)))) : join("/", pair) => {
    namespace = pair[0]
    role      = "Azure Event Hubs Data ${pair[1]}"
  } }

  scope                = var.secondary_namespace_ids[each.value.namespace]
  role_definition_name = each.value.role
  principal_id         = var.principal_id
  principal_type       = var.principal_type
}
