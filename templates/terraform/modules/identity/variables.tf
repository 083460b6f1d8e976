variable "name" {
  description = "Name of the identity."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group it is made in."
  type        = string
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "tags" {
  description = "Tags of the identity."
  type        = map(string)
}
