terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}

locals {
  public = length(var.allowed_ranges) > 0
}

# Hubs and consumer groups are copied here by the pairing; events, positions and role assignments are not.
resource "azurerm_eventhub_namespace" "secondary" {
  name                = "${var.primary.name}-dr"
  resource_group_name = var.resource_group_name
  location            = var.location

  sku                      = var.capacity.sku
  capacity                 = var.capacity.units
  auto_inflate_enabled     = var.capacity.maximum_units > 0
  maximum_throughput_units = var.capacity.maximum_units > 0 ? var.capacity.maximum_units : null

  local_authentication_enabled  = var.shared_access_keys
  minimum_tls_version           = "1.2"
  public_network_access_enabled = local.public

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity_id]
  }

  network_rulesets {
    default_action                 = "Deny"
    public_network_access_enabled  = local.public
    trusted_service_access_enabled = true

    dynamic "ip_rule" {
      for_each = var.allowed_ranges

      content {
        ip_mask = ip_rule.value
        action  = "Allow"
      }
    }
  }

  tags = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_eventhub_namespace_disaster_recovery_config" "pair" {
  name                 = "${var.primary.name}-geo"
  namespace_name       = var.primary.name
  resource_group_name  = var.resource_group_name
  partner_namespace_id = azurerm_eventhub_namespace.secondary.id
}
