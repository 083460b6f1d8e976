variable "workspace_name" {
  description = "Name of the Log Analytics workspace."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of everything here."
  type        = string
}

variable "resource_group_id" {
  description = "Resource id of the group the budget watches."
  type        = string
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "namespace_id" {
  description = "Resource id of the namespace that is watched."
  type        = string
}

variable "namespace_name" {
  description = "Name of the namespace; alerts are called after it."
  type        = string
}

variable "capacity" {
  description = "Tier, units and cap of the namespace: thresholds follow it."
  type = object({
    sku           = string
    units         = number
    maximum_units = number
  })
}

variable "diagnostic_hubs" {
  description = "Hubs on which any event is bad news."
  type        = list(string)
}

variable "read_hubs" {
  description = "Hubs that somebody has to read."
  type        = list(string)
}

variable "key_vault_id" {
  description = "Resource id of the vault, whose use is logged."
  type        = string
}

variable "log_retention_days" {
  description = "Days logs are kept."
  type        = number
}

variable "lag_threshold" {
  description = "Events a consumer group may be behind before an alert; on Premium alone."
  type        = number
}

variable "alert_emails" {
  description = "Addresses alerts go to."
  type        = list(string)
}

variable "budget" {
  description = "Monthly amount and the first of the month it begins with; null sets none."
  type = object({
    amount     = number
    start_date = string
  })
}

variable "tags" {
  description = "Tags of everything here."
  type        = map(string)
}
