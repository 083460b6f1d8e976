variable "primary_name" {
  description = "Name of the namespace this is the pair of."
  type        = string

  validation {
    condition     = length(var.primary_name) <= 46
    error_message = "The pair's names are made from the namespace's, which may have 46 characters then."
  }
}

variable "primary_hubs" {
  description = "Hubs of that namespace by name; the pair is made when they are there."
  type        = any
}

variable "endpoint_ids" {
  description = "Private endpoints of both namespaces by name, which have to be there before the pair is; null where there are none."
  type        = map(string)
  default     = null
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
