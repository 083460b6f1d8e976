output "resource_group" {
  description = "Group everything is in."
  value = {
    name = azurerm_resource_group.main.name
    id   = azurerm_resource_group.main.id
  }
}

output "namespace" {
  description = "The Event Hubs namespace, and the alias of its geo-DR pair if there is one."
  value = {
    name      = module.namespace.name
    id        = module.namespace.id
    fqdn      = "${module.namespace.name}.${local.suffixes.bus}"
    geo_alias = one(module.recovery[*].alias)
  }
}

output "hubs" {
  description = "The event hubs by name."
  value       = module.namespace.hubs
}

output "archive" {
  description = "Where Capture writes to."
  value = {
    account       = module.archive.account_name
    account_id    = module.archive.account_id
    blob_endpoint = module.archive.blob_endpoint
    container     = module.archive.container_name
  }
}

output "files" {
  description = "Where documents and images are."
  value = {
    account       = module.files.account_name
    account_id    = module.files.account_id
    blob_endpoint = module.files.blob_endpoint
    containers    = sort(var.file_containers)
  }
}

output "key_vault" {
  description = "The vault, and the names of the secrets in it."
  value = {
    name    = module.vault.name
    uri     = module.vault.uri
    secrets = module.secrets.names
  }
}

output "capture_identity" {
  description = "Identity Capture writes as."
  value = {
    id           = module.identity.id
    principal_id = module.identity.principal_id
  }
}

output "log_workspace" {
  description = "Where logs are kept."
  value = {
    id = module.monitoring.workspace_id
  }
}
