variable "name" {
  description = "Name of the vault."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group the vault is made in."
  type        = string
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "tenant_id" {
  description = "Entra tenant that signs in."
  type        = string
}

variable "allowed_ranges" {
  description = "Public ranges that may reach the vault; none switches public access off."
  type        = list(string)
}

variable "deployer_object_id" {
  description = "Object id of whoever deploys and writes the secrets."
  type        = string
}

variable "deployer_roles" {
  description = "Roles whoever deploys needs at the vault."
  type        = list(string)
}

variable "role_propagation" {
  description = "How long role assignments take to be in force everywhere."
  type        = string
}

variable "tags" {
  description = "Tags of the vault."
  type        = map(string)
}
