variable "account_name" {
  description = "Name of the storage account of documents and images."
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

variable "containers" {
  description = "Names of its containers."
  type        = list(string)
}

variable "redundancy" {
  description = "Replication of the account."
  type        = string
}

variable "ip_rules" {
  description = "Public addresses and ranges that may reach the account, in the form storage accounts take."
  type        = list(string)
}

variable "tags" {
  description = "Tags of the account."
  type        = map(string)
}
