variable "namespace_id" {
  description = "The Premium namespace that is encrypted."
  type        = string
}

variable "key_vault_id" {
  description = "Vault the key is made in."
  type        = string
}

variable "identity" {
  description = "Identity of the namespace, which unwraps the key."
  type = object({
    id           = string
    principal_id = string
  })
}

variable "role_propagation" {
  description = "How long role assignments take to be in force everywhere."
  type        = string
}
