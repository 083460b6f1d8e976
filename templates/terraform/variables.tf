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

variable "cloud" {
  description = "Azure cloud: public, usgovernment or china."
  type        = string
  default     = "public"

  validation {
    condition     = contains(["public", "usgovernment", "china"], var.cloud)
    error_message = "The clouds are public, usgovernment and china."
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

  validation {
    condition     = alltrue([for name in keys(var.hubs) : can(regex("^[A-Za-z0-9]$|^[A-Za-z0-9][A-Za-z0-9._-]{0,254}[A-Za-z0-9]$", name))])
    error_message = "A hub's name has 1 to 256 letters, digits, dots, hyphens and underscores, and a letter or digit at both ends."
  }
  validation {
    condition     = alltrue([for hub in var.hubs : hub.partitions >= 1 && hub.partitions <= (var.capacity.sku == "Premium" ? 100 : 32)])
    error_message = "A hub has 1 to 32 partitions on Standard, up to 100 on Premium."
  }
  validation {
    condition     = alltrue([for hub in var.hubs : hub.retention_hours >= 1 && hub.retention_hours <= (var.capacity.sku == "Premium" ? 2160 : 168)])
    error_message = "Events are kept for 1 to 168 hours on Standard, up to 2160 on Premium."
  }
  validation {
    condition     = alltrue([for hub in var.hubs : length(hub.consumer_groups) <= (var.capacity.sku == "Premium" ? 99 : 19)])
    error_message = "Beside $Default a hub has up to 19 consumer groups on Standard, 99 on Premium."
  }
  validation {
    condition     = anytrue([for hub in var.hubs : hub.capture])
    error_message = "Without Capture on at least one hub there is no archive."
  }
}

variable "dead_letter_hub" {
  description = "Hub on which any event is bad news; an alert watches it."
  type        = string
  default     = "orders-dlq"
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

variable "protect" {
  description = "Put a lock on the archive's account that keeps it from being deleted outside of Terraform; needs the right to write locks."
  type        = bool
  default     = true
}

variable "file_containers" {
  description = "Containers of the files account: invoices and labels, product images."
  type        = list(string)
}

variable "allowed_ranges" {
  description = "Public IPv4 ranges in CIDR form that may reach the namespace, the accounts and the vault."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for range in var.allowed_ranges : can(cidrnetmask(range)) ? split("/", range)[0] == cidrhost(range, 0) : false])
    error_message = "A range is IPv4 in CIDR form and begins at its own network address, such as 203.0.113.0/24 or 203.0.113.7/32."
  }
  validation {
    condition     = alltrue([for range in var.allowed_ranges : try(tonumber(split("/", range)[1]) >= 8, false)])
    error_message = "A range wider than /8 is not a list of who may come in."
  }
  validation {
    condition     = !anytrue([for range in var.allowed_ranges : can(regex("^(10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.)", range))])
    error_message = "Azure sees public addresses, never those of a private network (10/8, 172.16/12, 192.168/16)."
  }
}

variable "private_endpoint_subnet_id" {
  description = "Subnet for private endpoints of the namespace, the accounts and the vault; null makes none."
  type        = string
  default     = null
}

variable "customer_managed_key" {
  description = "Encrypt a Premium namespace with a key of the vault; cannot be switched on or off later."
  type        = bool
  default     = false

  validation {
    condition     = !var.customer_managed_key || var.capacity.sku == "Premium"
    error_message = "Only a Premium namespace can be encrypted with a key of one's own."
  }
}

variable "alert_emails" {
  description = "Addresses alerts and budget warnings go to."
  type        = list(string)
  default     = []
}

variable "log_retention_days" {
  description = "Days logs are kept in the workspace."
  type        = number
  default     = 90

  validation {
    condition     = var.log_retention_days >= 30 && var.log_retention_days <= 730
    error_message = "A workspace keeps logs for 30 to 730 days."
  }
}

variable "lag_threshold" {
  description = "Events a consumer group may be behind before an alert; Azure knows it on Premium alone."
  type        = number
  default     = 100000
}

variable "budget" {
  description = "Monthly amount of the resource group in the subscription's currency, and the first of the month it begins with; null sets none."
  type = object({
    amount     = number
    start_date = string
  })
  default = null

  validation {
    condition     = try(var.budget.amount > 0 && can(regex("^[0-9]{4}-[0-9]{2}-01T00:00:00Z$", var.budget.start_date)), var.budget == null)
    error_message = "A budget has an amount above 0 and begins on the first of a month, such as 2026-09-01T00:00:00Z."
  }
}

variable "deployer_object_id" {
  description = "Object id of who deploys, such as a group of operators; null takes whoever is signed in."
  type        = string
  default     = null
}

variable "role_propagation" {
  description = "How long to wait until new role assignments are in force everywhere; Azure says up to five minutes."
  type        = string
  default     = "300s"
}

variable "application_object_id" {
  description = "Object id of the service principal the apps on-prem sign in with; null grants nothing."
  type        = string
  default     = null
}

variable "application_roles" {
  description = "By hub, what the apps do there: Sender, Receiver. The order API sends orders; the consumer reads them, sends them again, and sends their steps and dead letters."
  type        = map(list(string))
  default = {
    orders       = ["Sender", "Receiver"]
    order-events = ["Sender"]
    orders-dlq   = ["Sender"]
  }
}

variable "shared_access_keys" {
  description = "Allow shared access keys at the namespace, where Entra ID is out of reach."
  type        = bool
  default     = false
}

variable "secrets" {
  description = "Values of the vault's secrets by name; written once, never kept in plan or state. Empty is enough to destroy or to look for drift."
  type        = map(string)
  default     = {}
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
