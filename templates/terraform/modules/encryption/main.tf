terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
    time    = { source = "hashicorp/time" }
  }
}

# Whoever loses this key has lost the events; the vault's purge protection keeps it for 90 days after a deletion.
resource "azurerm_key_vault_key" "namespace" {
  name         = "event-hubs"
  key_vault_id = var.key_vault_id
  key_type     = "RSA"
  key_size     = 3072
  key_opts     = ["wrapKey", "unwrapKey"]

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_role_assignment" "namespace" {
  scope                = var.key_vault_id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = var.identity.principal_id
  principal_type       = "ServicePrincipal"
}

resource "time_sleep" "role_in_force" {
  create_duration = var.role_propagation

  triggers = {
    namespace = azurerm_role_assignment.namespace.id
  }
}

resource "azurerm_eventhub_namespace_customer_managed_key" "main" {
  eventhub_namespace_id     = var.namespace_id
  key_vault_key_ids         = [azurerm_key_vault_key.namespace.id]
  user_assigned_identity_id = var.identity.id

  depends_on = [time_sleep.role_in_force]
}
