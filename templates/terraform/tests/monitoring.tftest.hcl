# Alerts follow the tier and the size of the namespace.

mock_provider "azurerm" {}

variables {
  workspace_name      = "log-oms-demo"
  resource_group_name = "rg-oms-demo"
  resource_group_id   = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg-oms-demo"
  location            = "westeurope"
  namespace_id        = "/namespace"
  namespace_name      = "evhns-oms-demo-abc123"
  capacity            = { sku = "Standard", units = 6, maximum_units = 12 }
  diagnostic_hubs     = ["orders-dlq"]
  read_hubs           = ["orders"]
  key_vault_id        = "/vault"
  log_retention_days  = 90
  lag_threshold       = 100000
  alert_emails        = ["ops@example.com"]
  budget              = { amount = 500, start_date = "2026-09-01T00:00:00Z" }
  tags                = {}
}

run "standard" {
  command = plan

  module {
    source = "./modules/monitoring"
  }

  assert {
    condition     = length(azurerm_monitor_metric_alert.namespace) == 9 && length(azurerm_monitor_scheduled_query_rules_alert_v2.lag) == 0
    error_message = "A Standard namespace has nine alerts, and none of CPU, memory or lag."
  }
  assert {
    condition     = azurerm_monitor_metric_alert.namespace["bytes-in"].criteria[0].threshold == 2880000000
    error_message = "The alert of bytes does not follow the cap of 12 units."
  }
  assert {
    condition     = length(azurerm_monitor_metric_alert.namespace["throttled"].dynamic_criteria) == 1 && length(azurerm_monitor_metric_alert.namespace["throttled"].criteria) == 0
    error_message = "Throttling is judged by what is usual."
  }
  assert {
    condition     = azurerm_monitor_metric_alert.namespace["dead-letters"].criteria[0].dimension[0].values == tolist(["orders-dlq"])
    error_message = "The alert of dead letters watches another hub."
  }
  assert {
    condition     = azurerm_consumption_budget_resource_group.main[0].amount == 500
    error_message = "The budget is another than was asked for."
  }
}

run "premium" {
  command = plan

  module {
    source = "./modules/monitoring"
  }

  variables {
    capacity        = { sku = "Premium", units = 2, maximum_units = 0 }
    diagnostic_hubs = []
    read_hubs       = []
    budget          = null
  }

  assert {
    condition     = tolist(keys(azurerm_monitor_metric_alert.namespace)) == tolist(["bytes-in", "bytes-out", "capture-backlog", "cpu", "memory", "quota", "server-errors", "throttled", "user-errors"])
    error_message = "Premium has CPU and memory; alerts about hubs need hubs."
  }
  assert {
    condition     = length(azurerm_monitor_scheduled_query_rules_alert_v2.lag) == 1 && length(azurerm_consumption_budget_resource_group.main) == 0
    error_message = "Premium knows the lag, and no budget was asked for."
  }
}
