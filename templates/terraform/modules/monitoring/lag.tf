# How far a consumer group is behind is in Azure's logs on Premium alone; on Standard the apps' own metrics tell it.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "lag" {
  count = local.premium ? 1 : 0

  name                = "${var.namespace_name}-lag"
  resource_group_name = var.resource_group_name
  location            = var.location
  scopes              = [azurerm_log_analytics_workspace.main.id]
  description         = "A consumer group is more than ${var.lag_threshold} events behind."

  severity                = 2
  evaluation_frequency    = "PT5M"
  window_duration         = "PT15M"
  auto_mitigation_enabled = true

  # The table is made with its first row, which comes when somebody has read.
  skip_query_validation = true

  criteria {
    query                   = <<-QUERY
      AZMSApplicationMetricLogs
      | where Provider =~ "eventhub" and OperationName == "ConsumerLag"
      | project TimeGenerated, Value
    QUERY
    metric_measure_column   = "Value"
    time_aggregation_method = "Maximum"
    operator                = "GreaterThan"
    threshold               = var.lag_threshold
  }

  action {
    action_groups = [azurerm_monitor_action_group.main.id]
  }

  tags = var.tags
}
