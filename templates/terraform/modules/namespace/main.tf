terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}

locals {
  public = length(var.allowed_ranges) > 0

  consumer_groups = merge([
    for hub, spec in var.hubs : { for group in spec.consumer_groups : "${hub}/${group}" => { hub = hub, group = group } }
  ]...)
}

resource "azurerm_eventhub_namespace" "main" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location

  sku                      = var.capacity.sku
  capacity                 = var.capacity.units
  auto_inflate_enabled     = var.capacity.maximum_units > 0
  maximum_throughput_units = var.capacity.maximum_units

  local_authentication_enabled  = var.shared_access_keys
  minimum_tls_version           = "1.2"
  public_network_access_enabled = local.public

  # Once given, an identity can never be taken from a namespace again.
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

resource "azurerm_eventhub" "main" {
  for_each = var.hubs

  name            = each.key
  namespace_id    = azurerm_eventhub_namespace.main.id
  partition_count = each.value.partitions

  retention_description {
    cleanup_policy          = "Delete"
    retention_time_in_hours = each.value.retention_hours
  }

  dynamic "capture_description" {
    for_each = each.value.capture ? [var.capture_destination] : []

    content {
      enabled             = true
      encoding            = "Avro"
      interval_in_seconds = var.capture_interval_seconds
      size_limit_in_bytes = 314572800
      skip_empty_archives = true

      destination {
        name                        = "EventHubArchive.AzureBlockBlob"
        storage_account_id          = capture_description.value.storage_account_id
        blob_container_name         = capture_description.value.container_name
        archive_name_format         = "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}"
        storage_authentication_type = "UserAssigned"
        storage_authentication_id   = var.identity_id
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  # Azure encrypts a namespace with a key of one's own only while it has no hubs.
  depends_on = [var.encryption_key_id]
}

resource "azurerm_eventhub_consumer_group" "main" {
  for_each = local.consumer_groups

  name                = each.value.group
  namespace_name      = azurerm_eventhub_namespace.main.name
  eventhub_name       = azurerm_eventhub.main[each.value.hub].name
  resource_group_name = var.resource_group_name
}
