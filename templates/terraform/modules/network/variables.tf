variable "resource_group_name" {
  description = "Resource group of the endpoints and zones."
  type        = string
}

variable "location" {
  description = "Azure region of the subnet."
  type        = string
}

variable "subnet_id" {
  description = "Subnet the endpoints are made in; its network is linked to the zones."
  type        = string

  validation {
    condition     = can(regex("/virtualNetworks/[^/]+/subnets/[^/]+$", var.subnet_id))
    error_message = "A subnet's resource id ends in /virtualNetworks/NAME/subnets/NAME."
  }
}

variable "endpoints" {
  description = "By name, what gets an endpoint: resource, the part of it that is reached, and its private DNS zone."
  type = map(object({
    resource_id = string
    subresource = string
    zone        = string
  }))
}

variable "tags" {
  description = "Tags of the endpoints and zones."
  type        = map(string)
}
