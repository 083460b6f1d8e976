variable "subscription_id" {
  description = "Subscription everything is created in."
  type        = string
}

variable "environment" {
  description = "Name of this environment, such as demo or prod; becomes a tag."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.environment))
    error_message = "An environment's name has 1 to 20 lower-case letters, digits and hyphens and begins with a letter."
  }
}

variable "location" {
  description = "Azure region, such as westeurope."
  type        = string
}

variable "secondary_location" {
  description = "Region of the geo-DR pair; null makes none."
  type        = string
  default     = null
}

variable "names" {
  description = "Names of the resources; computed by oms, legal and where needed globally unique."
  type = object({
    resource_group   = string
    namespace        = string
    archive_account  = string
    files_account    = string
    key_vault        = string
    log_workspace    = string
    capture_identity = string
  })
}

variable "tags" {
  description = "Tags of every resource, beside those of the template."
  type        = map(string)
  default     = {}
}

variable "capacity" {
  description = "Tier of the namespace, its throughput units (Standard) or processing units (Premium), and the cap of auto-inflate (0 switches it off)."
  type = object({
    sku           = string
    units         = number
    maximum_units = number
  })

  validation {
    condition     = contains(["Standard", "Premium"], var.capacity.sku)
    error_message = "The archive needs Capture, which a Basic namespace does not have: Standard or Premium."
  }
  validation {
    condition     = var.capacity.sku == "Premium" ? contains([1, 2, 4, 8, 16], var.capacity.units) : var.capacity.units >= 1 && var.capacity.units <= 40
    error_message = "Standard has 1 to 40 throughput units, Premium 1, 2, 4, 8 or 16 processing units."
  }
  validation {
    condition     = var.capacity.maximum_units == 0 || (var.capacity.sku == "Standard" && var.capacity.maximum_units >= var.capacity.units && var.capacity.maximum_units <= 40)
    error_message = "Auto-inflate is of Standard alone, and its cap lies between the units and 40."
  }
}

variable "hubs" {
  description = "The event hubs by name."
  type = map(object({
    partitions      = number
    retention_hours = number
    capture         = bool
    consumer_groups = list(string)
  }))
}

variable "capture_interval_seconds" {
  description = "Longest time a Capture file covers, 60 to 900 seconds."
  type        = number
  default     = 300

  validation {
    condition     = var.capture_interval_seconds >= 60 && var.capture_interval_seconds <= 900
    error_message = "Capture's window is 60 to 900 seconds."
  }
}

variable "archive" {
  description = "How the archive keeps its files: days none can be changed or deleted, whether that policy is locked (for ever), redundancy."
  type = object({
    container      = string
    retention_days = number
    locked         = bool
    redundancy     = string
  })

  validation {
    condition     = var.archive.retention_days >= 3653
    error_message = "The archive is kept for at least ten years: 3653 days."
  }
  validation {
    condition     = contains(["RAGRS", "RAGZRS"], var.archive.redundancy)
    error_message = "An audit copy needs a second region: RAGRS (with the Archive tier) or RAGZRS (without)."
  }
}

variable "file_containers" {
  description = "Containers of the files account: invoices and labels, product images."
  type        = list(string)
}

variable "allowed_ranges" {
  description = "Public IPv4 ranges in CIDR form that may reach the namespace, the accounts and the vault."
  type        = list(string)
  default     = []
}

variable "private_endpoint_subnet_id" {
  description = "Subnet for private endpoints of the namespace and the accounts; null makes none."
  type        = string
  default     = null
}

variable "customer_managed_key" {
  description = "Encrypt a Premium namespace with a key of the vault."
  type        = bool
  default     = false
}

variable "alert_emails" {
  description = "Addresses alerts and budget warnings go to."
  type        = list(string)
  default     = []
}

variable "budget" {
  description = "Monthly amount of the resource group in the subscription's currency, and the first of the month it begins with; null sets none."
  type = object({
    amount     = number
    start_date = string
  })
  default = null
}

variable "application_object_id" {
  description = "Object id of the service principal the apps on-prem sign in with; null grants nothing."
  type        = string
  default     = null
}

variable "shared_access_keys" {
  description = "Allow shared access keys at the namespace, where Entra ID is out of reach."
  type        = bool
  default     = false
}

variable "secrets" {
  description = "Values of the vault's secrets by name; written once, never kept in plan or state."
  type        = map(string)
  ephemeral   = true
  sensitive   = true
}

variable "secret_names" {
  description = "Names of the vault's secrets."
  type        = list(string)
}

variable "secrets_version" {
  description = "Raise it to write the secrets anew."
  type        = number
  default     = 1
}
