variable "key_vault_id" {
  description = "Vault the secrets are written to."
  type        = string
}

variable "names" {
  description = "Names of the secrets."
  type        = list(string)
}

variable "values" {
  description = "Values by name; never kept in plan or state."
  type        = map(string)
  ephemeral   = true
  sensitive   = true
}

variable "values_version" {
  description = "Raise it to write the secrets anew."
  type        = number
}
