terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}

locals {
  virtual_network_id = regex("^(.*)/subnets/[^/]+$", var.subnet_id)[0]
  zones              = toset([for endpoint in var.endpoints : endpoint.zone])
}

resource "azurerm_private_dns_zone" "main" {
  for_each = local.zones

  name                = each.value
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "main" {
  for_each = local.zones

  name                 = "oms"
  private_dns_zone_id  = azurerm_private_dns_zone.main[each.value].id
  virtual_network_id   = local.virtual_network_id
  registration_enabled = false
  tags                 = var.tags
}

resource "azurerm_private_endpoint" "main" {
  for_each = var.endpoints

  name                = "${each.key}-endpoint"
  resource_group_name = var.resource_group_name
  location            = var.location
  subnet_id           = var.subnet_id

  private_service_connection {
    name                           = each.key
    is_manual_connection           = false
    private_connection_resource_id = each.value.resource_id
    subresource_names              = [each.value.subresource]
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.main[each.value.zone].id]
  }

  tags = var.tags

  # A name that resolves before its zone is linked would be remembered as the public address.
  depends_on = [azurerm_private_dns_zone_virtual_network_link.main]
}
