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
  name                = "${var.primary_name}-dr"
  resource_group_name = var.resource_group_name
  location            = var.location

  sku                      = var.capacity.sku
  capacity                 = var.capacity.units
  auto_inflate_enabled     = var.capacity.maximum_units > 0
  maximum_throughput_units = var.capacity.maximum_units

  local_authentication_enabled  = var.shared_access_keys
  minimum_tls_version           = "1.2"
  public_network_access_enabled = local.public

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity_id]
  }

  # An attribute that looks like a block: written as one it takes no dynamic block inside.
  network_rulesets = [{
    default_action                 = "Deny"
    public_network_access_enabled  = local.public
    trusted_service_access_enabled = true
    ip_rule                        = [for range in var.allowed_ranges : { ip_mask = range, action = "Allow" }]
    virtual_network_rule           = []
  }]

  tags = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_eventhub_namespace_disaster_recovery_config" "pair" {
  name                 = "${var.primary_name}-geo"
  namespace_name       = var.primary_name
  resource_group_name  = var.resource_group_name
  partner_namespace_id = azurerm_eventhub_namespace.secondary.id

  # Pairing copies the hubs that are there; on the way down the pair is broken before the first hub goes. Azure refuses to
  # pair a namespace that has a private endpoint with one that has none yet.
  depends_on = [var.primary_hubs, var.endpoint_ids]
}
