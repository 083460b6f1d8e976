locals {
  namespace_metrics = "Microsoft.EventHub/namespaces"

  # What the units take in five minutes, at 1 MB/s in and 2 MB/s out per throughput unit. Premium publishes no figure for
  # its units; 5 and 10 are planned with.
  bytes_in_per_window  = 300 * 1000 * 1000 * (local.premium ? 5 * var.capacity.units : local.most_units)
  bytes_out_per_window = 2 * local.bytes_in_per_window
  most_units           = max(var.capacity.units, var.capacity.maximum_units)
  premium              = var.capacity.sku == "Premium"

  # After the Azure Monitor Baseline Alerts list (Azure/azure-monitor-baseline-alerts, services/EventHub/namespaces,
  # 2269d23). Ours: byte thresholds follow the size of the namespace instead of 400 MB, and the two alerts about traffic
  # name the hubs they are about.
  alerts = {
    throttled = {
      metric      = "ThrottledRequests", severity = 3, window = "PT15M", frequency = "PT5M"
      aggregation = "Average", operator = "GreaterThan", threshold = null, hubs = []
      description = "More requests than usual are throttled: the namespace is too small."
    }
    quota = {
      metric      = "QuotaExceededErrors", severity = 3, window = "PT15M", frequency = "PT5M"
      aggregation = "Average", operator = "GreaterThan", threshold = null, hubs = []
      description = "More requests than usual fail because a quota is used up."
    }
    server-errors = {
      metric      = "ServerErrors", severity = 2, window = "PT15M", frequency = "PT5M"
      aggregation = "Average", operator = "GreaterThan", threshold = null, hubs = []
      description = "More requests than usual fail inside Event Hubs."
    }
    user-errors = {
      metric      = "UserErrors", severity = 1, window = "PT5M", frequency = "PT1M"
      aggregation = "Average", operator = "GreaterThan", threshold = 0, hubs = []
      description = "Requests are refused: wrong credentials, missing roles or blocked addresses."
    }
    dead-letters = {
      metric      = "IncomingMessages", severity = 3, window = "PT6H", frequency = "PT1H"
      aggregation = "Total", operator = "GreaterThan", threshold = 0, hubs = var.diagnostic_hubs
      description = "Events that could not be used have come in."
    }
    nobody-reads = {
      metric      = "OutgoingMessages", severity = 3, window = "PT6H", frequency = "PT1H"
      aggregation = "Total", operator = "LessThan", threshold = 1, hubs = var.read_hubs
      description = "Nobody has read for six hours."
    }
    bytes-in = {
      metric      = "IncomingBytes", severity = 3, window = "PT5M", frequency = "PT1M"
      aggregation = "Total", operator = "GreaterThan", threshold = 0.8 * local.bytes_in_per_window, hubs = []
      description = "Four fifths of what the units take in are used."
    }
    bytes-out = {
      metric      = "OutgoingBytes", severity = 3, window = "PT5M", frequency = "PT1M"
      aggregation = "Total", operator = "GreaterThan", threshold = 0.8 * local.bytes_out_per_window, hubs = []
      description = "Four fifths of what the units give out are used; more is slowed down without an error."
    }
    capture-backlog = {
      metric      = "CaptureBacklog", severity = 4, window = "PT6H", frequency = "PT1H"
      aggregation = "Average", operator = "GreaterThan", threshold = 50000000, hubs = []
      description = "Capture lags behind in writing to the archive."
    }
  }

  premium_alerts = {
    cpu = {
      metric      = "NamespaceCpuUsage", severity = 2, window = "PT15M", frequency = "PT15M"
      aggregation = "Maximum", operator = "GreaterThan", threshold = 70, hubs = []
      description = "The processing units are short of CPU."
    }
    memory = {
      metric      = "NamespaceMemoryUsage", severity = 3, window = "PT15M", frequency = "PT5M"
      aggregation = "Average", operator = "GreaterThanOrEqual", threshold = 80, hubs = []
      description = "The processing units are short of memory."
    }
  }

  # An alert about hubs that there are none of would be about the whole namespace.
  wanted_alerts = {
    for name, alert in merge(local.alerts, local.premium_alerts) : name => alert
    if(local.premium || !contains(keys(local.premium_alerts), name)) &&
    (length(alert.hubs) > 0 || !contains(["dead-letters", "nobody-reads"], name))
  }
}

resource "azurerm_monitor_metric_alert" "namespace" {
  for_each = local.wanted_alerts

  name                = "${var.namespace_name}-${each.key}"
  resource_group_name = var.resource_group_name
  scopes              = [var.namespace_id]
  description         = each.value.description
  severity            = each.value.severity
  window_size         = each.value.window
  frequency           = each.value.frequency
  auto_mitigate       = true

  dynamic "criteria" {
    for_each = each.value.threshold == null ? [] : [each.value]

    content {
      metric_namespace = local.namespace_metrics
      metric_name      = criteria.value.metric
      aggregation      = criteria.value.aggregation
      operator         = criteria.value.operator
      threshold        = criteria.value.threshold

      dynamic "dimension" {
        for_each = length(criteria.value.hubs) == 0 ? [] : [criteria.value.hubs]

        content {
          name     = "EntityName"
          operator = "Include"
          values   = dimension.value
        }
      }
    }
  }

  dynamic "dynamic_criteria" {
    for_each = each.value.threshold == null ? [each.value] : []

    content {
      metric_namespace  = local.namespace_metrics
      metric_name       = dynamic_criteria.value.metric
      aggregation       = dynamic_criteria.value.aggregation
      operator          = dynamic_criteria.value.operator
      alert_sensitivity = "Low"
    }
  }

  action {
    action_group_id = azurerm_monitor_action_group.main.id
  }

  tags = var.tags
}
