terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}

resource "azurerm_log_analytics_workspace" "main" {
  name                         = var.workspace_name
  resource_group_name          = var.resource_group_name
  location                     = var.location
  sku                          = "PerGB2018"
  retention_in_days            = var.log_retention_days
  local_authentication_enabled = false
  tags                         = var.tags
}

resource "azurerm_monitor_diagnostic_setting" "namespace" {
  name                           = "oms"
  target_resource_id             = var.namespace_id
  log_analytics_workspace_id     = azurerm_log_analytics_workspace.main.id
  log_analytics_destination_type = "Dedicated"

  enabled_log {
    category_group = "allLogs"
  }
  enabled_metric {
    category = "AllMetrics"
  }
}

# Who read which secret.
resource "azurerm_monitor_diagnostic_setting" "vault" {
  name                       = "oms"
  target_resource_id         = var.key_vault_id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  enabled_log {
    category_group = "audit"
  }
}

resource "azurerm_monitor_action_group" "main" {
  name                = "${var.namespace_name}-alerts"
  resource_group_name = var.resource_group_name
  short_name          = "oms"

  dynamic "email_receiver" {
    for_each = toset(var.alert_emails)

    content {
      name                    = email_receiver.value
      email_address           = email_receiver.value
      use_common_alert_schema = true
    }
  }

  tags = var.tags
}

resource "azurerm_consumption_budget_resource_group" "main" {
  count = var.budget == null ? 0 : 1

  name              = "${var.namespace_name}-budget"
  resource_group_id = var.resource_group_id
  amount            = var.budget.amount
  time_grain        = "Monthly"

  time_period {
    start_date = var.budget.start_date
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 80
    threshold_type = "Actual"
    contact_groups = [azurerm_monitor_action_group.main.id]
    contact_roles  = ["Owner"]
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 100
    threshold_type = "Forecasted"
    contact_groups = [azurerm_monitor_action_group.main.id]
    contact_roles  = ["Owner"]
  }

  # It begins with the month it was made in; a later month would replace it.
  lifecycle {
    ignore_changes = [time_period]
  }
}
