terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
    time    = { source = "hashicorp/time" }
  }
}

resource "azurerm_key_vault" "main" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tenant_id           = var.tenant_id
  sku_name            = "standard"

  rbac_authorization_enabled = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 90

  public_network_access_enabled = length(var.allowed_ranges) > 0

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
    ip_rules       = var.allowed_ranges
  }

  tags = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

# Being owner of the subscription does not allow to write secrets: under RBAC that is a role of its own.
resource "azurerm_role_assignment" "deployer" {
  for_each = toset(var.deployer_roles)

  scope                = azurerm_key_vault.main.id
  role_definition_name = each.value
  principal_id         = var.deployer_object_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "time_sleep" "roles_in_force" {
  create_duration = var.role_propagation

  triggers = { for role, assignment in azurerm_role_assignment.deployer : role => assignment.id }
}
