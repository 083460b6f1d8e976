# The namespace's module alone: tiers, Capture, network rules.

mock_provider "azurerm" {}

variables {
  name                     = "evhns-oms-demo-abc123"
  resource_group_name      = "rg-oms-demo"
  location                 = "westeurope"
  capacity                 = { sku = "Standard", units = 6, maximum_units = 12 }
  capture_interval_seconds = 300
  capture_destination      = { storage_account_id = "/archive", container_name = "archive" }
  identity_id              = "/identity"
  allowed_ranges           = ["203.0.113.0/24", "198.51.100.7/32"]
  shared_access_keys       = false
  tags                     = {}
  hubs = {
    orders     = { partitions = 8, retention_hours = 168, capture = true, consumer_groups = ["oms-core"] }
    orders-dlq = { partitions = 2, retention_hours = 168, capture = false, consumer_groups = [] }
  }
}

run "standard" {
  command = plan

  module {
    source = "./modules/namespace"
  }

  assert {
    condition     = azurerm_eventhub_namespace.main.auto_inflate_enabled && azurerm_eventhub_namespace.main.maximum_throughput_units == 12
    error_message = "Auto-inflate has no cap."
  }
  assert {
    condition     = !azurerm_eventhub_namespace.main.local_authentication_enabled && azurerm_eventhub_namespace.main.minimum_tls_version == "1.2"
    error_message = "The namespace takes keys or an old TLS."
  }
  assert {
    condition = alltrue([
      azurerm_eventhub_namespace.main.network_rulesets[0].default_action == "Deny",
      azurerm_eventhub_namespace.main.network_rulesets[0].public_network_access_enabled,
      azurerm_eventhub_namespace.main.public_network_access_enabled,
      length(azurerm_eventhub_namespace.main.network_rulesets[0].ip_rule) == 2,
    ])
    error_message = "The firewall does not let in exactly the two ranges."
  }
  assert {
    condition     = one(azurerm_eventhub.main["orders"].capture_description[*].destination[0].storage_authentication_type) == "UserAssigned"
    error_message = "Capture does not write by identity."
  }
  assert {
    condition     = length(azurerm_eventhub.main["orders-dlq"].capture_description) == 0
    error_message = "Dead letters are captured."
  }
  assert {
    condition     = tolist(keys(azurerm_eventhub_consumer_group.main)) == tolist(["orders/oms-core"])
    error_message = "There are other consumer groups than were named."
  }
}

run "premium" {
  command = plan

  module {
    source = "./modules/namespace"
  }

  variables {
    capacity       = { sku = "Premium", units = 2, maximum_units = 0 }
    allowed_ranges = []
  }

  assert {
    condition     = !azurerm_eventhub_namespace.main.auto_inflate_enabled
    error_message = "A Premium namespace does not inflate."
  }
  assert {
    condition     = !azurerm_eventhub_namespace.main.public_network_access_enabled && !azurerm_eventhub_namespace.main.network_rulesets[0].public_network_access_enabled
    error_message = "Nobody is let in, and yet public access is on."
  }
}

run "shared_access_keys" {
  command = plan

  module {
    source = "./modules/namespace"
  }

  variables {
    shared_access_keys = true
  }

  assert {
    condition     = azurerm_eventhub_namespace.main.local_authentication_enabled
    error_message = "Keys were asked for and are refused."
  }
}
