variable "principal_id" {
  description = "Object id of who gets the roles."
  type        = string
}

variable "principal_type" {
  description = "User, Group or ServicePrincipal; null lets Azure look it up."
  type        = string
  default     = null
}

variable "hub_roles" {
  description = "By hub, what is done there: Sender, Receiver."
  type        = map(list(string))

  validation {
    condition     = alltrue([for role in flatten(values(var.hub_roles)) : contains(["Sender", "Receiver"], role)])
    error_message = "An app sends to a hub or receives from it; it does not own it."
  }
}

variable "hub_ids" {
  description = "Resource ids of the hubs by name."
  type        = map(string)
}

variable "container_ids" {
  description = "Resource ids, by name, of the containers that are read and written."
  type        = map(string)
  default     = {}
}

variable "key_vault_ids" {
  description = "Resource ids, by name, of the vaults whose secrets are read."
  type        = map(string)
  default     = {}
}

variable "secondary_namespace_ids" {
  description = "Resource ids, by name, of the second namespace of a geo-DR pair."
  type        = map(string)
  default     = {}
}
