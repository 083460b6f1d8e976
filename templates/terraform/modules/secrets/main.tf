terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}

# Written when the version is new, never read back: neither plan nor state holds a value.
resource "azurerm_key_vault_secret" "main" {
  for_each = toset(var.names)

  name             = each.value
  key_vault_id     = var.key_vault_id
  content_type     = "text/plain"
  value_wo         = lookup(var.values, each.value, null)
  value_wo_version = var.values_version

  lifecycle {
    precondition {
      condition     = contains(keys(var.values), each.value)
      error_message = "The value of \"${each.value}\" is missing: TF_VAR_secrets needs every name of secret_names."
    }
  }
}
