variable "primary" {
  description = "The namespace this is the pair of."
  type = object({
    id   = string
    name = string
  })

  validation {
    condition     = length(var.primary.name) <= 46
    error_message = "The pair's names are made from the namespace's, which may have 46 characters then."
  }
}

variable "resource_group_name" {
  description = "Resource group of the pair."
  type        = string
}

variable "location" {
  description = "Region of the second namespace."
  type        = string
}

variable "capacity" {
  description = "As of the first namespace: after a failover the second one carries everything."
  type = object({
    sku           = string
    units         = number
    maximum_units = number
  })
}

variable "identity_id" {
  description = "Identity of the namespace, for Capture after a failover."
  type        = string
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
