variable "name" {
  description = "Name of the namespace."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group the namespace is made in."
  type        = string
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "capacity" {
  description = "Tier, units, and the cap of auto-inflate (0 switches it off)."
  type = object({
    sku           = string
    units         = number
    maximum_units = number
  })
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
  description = "Longest time a Capture file covers."
  type        = number
}

variable "capture_destination" {
  description = "Account and container Capture writes to."
  type = object({
    storage_account_id = string
    container_name     = string
  })
}

variable "identity_id" {
  description = "Identity of the namespace; Capture writes as it."
  type        = string
}

variable "encryption_key_id" {
  description = "Key the namespace is encrypted with, known once it is; hubs are made after that. Null where Azure's own is used."
  type        = string
  default     = null
}

variable "allowed_ranges" {
  description = "Public ranges that may reach the namespace; none switches public access off."
  type        = list(string)
}

variable "shared_access_keys" {
  description = "Allow shared access keys."
  type        = bool
}

variable "tags" {
  description = "Tags of the namespace."
  type        = map(string)
}
