variable "account_name" {
  description = "Name of the archive's storage account."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group the account is made in."
  type        = string
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "container_name" {
  description = "Container Capture writes to."
  type        = string
}

variable "retention_days" {
  description = "Days no file can be changed or deleted."
  type        = number

  validation {
    condition     = var.retention_days >= 3653
    error_message = "The archive is kept for at least ten years: 3653 days."
  }
}

variable "locked" {
  description = "Lock the retention policy, for ever."
  type        = bool
}

variable "redundancy" {
  description = "RAGRS (with the Archive tier) or RAGZRS (without)."
  type        = string

  validation {
    condition     = contains(["RAGRS", "RAGZRS"], var.redundancy)
    error_message = "An audit copy needs a second region: RAGRS or RAGZRS."
  }
}

variable "ip_rules" {
  description = "Public addresses and ranges that may reach the account, in the form storage accounts take."
  type        = list(string)
}

variable "protect" {
  description = "Put a lock on the account that keeps it from being deleted."
  type        = bool
}

variable "deployer_object_id" {
  description = "Object id of whoever deploys; must be able to write here for Capture to be switched on."
  type        = string
}

variable "capture_principal_id" {
  description = "Object id of the identity Capture writes as."
  type        = string
}

variable "log_workspace_id" {
  description = "Workspace that reads, writes and deletions are logged to."
  type        = string
}

variable "role_propagation" {
  description = "How long role assignments take to be in force everywhere."
  type        = string
}

variable "tags" {
  description = "Tags of the account."
  type        = map(string)
}
