data "azurerm_client_config" "current" {}

locals {
  tags = merge(var.tags, {
    application = "oms"
    environment = var.environment
    managed-by  = "oms"
  })

  deployer_object_id = coalesce(var.deployer_object_id, data.azurerm_client_config.current.object_id)

  # Storage accounts refuse prefixes of 31 and 32 bits and want the addresses themselves.
  storage_ranges = flatten([
    for range in var.allowed_ranges : (
      endswith(range, "/32") ? [trimsuffix(range, "/32")] :
      endswith(range, "/31") ? [cidrhost(range, 0), cidrhost(range, 1)] : [range]
    )
  ])

  captured_hubs = [for name, hub in var.hubs : name if hub.capture]
  hub_roles     = { for hub, roles in var.application_roles : hub => roles if contains(keys(var.hubs), hub) }

  # Azure refuses to give the same role twice: whoever deploys may be who the apps sign in as.
  roles_had = var.application_object_id == local.deployer_object_id ? local.hub_roles : {}

  clouds = {
    public       = { bus = "servicebus.windows.net", blob = "blob.core.windows.net", vault = "vaultcore.azure.net" }
    usgovernment = { bus = "servicebus.usgovcloudapi.net", blob = "blob.core.usgovcloudapi.net", vault = "vaultcore.usgovcloudapi.net" }
    china        = { bus = "servicebus.chinacloudapi.cn", blob = "blob.core.chinacloudapi.cn", vault = "vaultcore.azure.cn" }
  }
  suffixes = local.clouds[var.cloud]
}

resource "azurerm_resource_group" "main" {
  name     = var.names.resource_group
  location = var.location
  tags     = local.tags
}

module "identity" {
  source = "./modules/identity"

  name                = var.names.capture_identity
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

module "archive" {
  source = "./modules/archive"

  account_name         = var.names.archive_account
  resource_group_name  = azurerm_resource_group.main.name
  location             = azurerm_resource_group.main.location
  container_name       = var.archive.container
  retention_days       = var.archive.retention_days
  locked               = var.archive.locked
  redundancy           = var.archive.redundancy
  ip_rules             = local.storage_ranges
  protect              = var.protect
  deployer_object_id   = local.deployer_object_id
  capture_principal_id = module.identity.principal_id
  log_workspace_id     = module.monitoring.workspace_id
  role_propagation     = var.role_propagation
  tags                 = local.tags
}

module "files" {
  source = "./modules/files"

  account_name        = var.names.files_account
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  containers          = var.file_containers
  redundancy          = var.archive.redundancy
  ip_rules            = local.storage_ranges
  tags                = local.tags
}

module "namespace" {
  source = "./modules/namespace"

  name                     = var.names.namespace
  resource_group_name      = azurerm_resource_group.main.name
  location                 = azurerm_resource_group.main.location
  capacity                 = var.capacity
  hubs                     = var.hubs
  capture_interval_seconds = var.capture_interval_seconds
  capture_destination      = module.archive.capture_destination
  identity_id              = module.identity.id
  encryption_key_id        = one(module.encryption[*].key_id)
  allowed_ranges           = var.allowed_ranges
  shared_access_keys       = var.shared_access_keys
  tags                     = local.tags
}

module "recovery" {
  source = "./modules/recovery"
  count  = var.secondary_location == null ? 0 : 1

  primary_name        = module.namespace.name
  primary_hubs        = module.namespace.hubs
  endpoint_ids        = one(module.network[*].endpoint_ids)
  resource_group_name = azurerm_resource_group.main.name
  location            = var.secondary_location
  capacity            = var.capacity
  identity_id         = module.identity.id
  allowed_ranges      = var.allowed_ranges
  shared_access_keys  = var.shared_access_keys
  tags                = local.tags
}

module "vault" {
  source = "./modules/vault"

  name                = var.names.key_vault
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tenant_id           = data.azurerm_client_config.current.tenant_id
  allowed_ranges      = var.allowed_ranges
  deployer_object_id  = local.deployer_object_id
  deployer_roles = concat(
    ["Key Vault Secrets Officer"],
    var.customer_managed_key ? ["Key Vault Crypto Officer"] : [],
  )
  role_propagation = var.role_propagation
  tags             = local.tags
}

module "network" {
  source = "./modules/network"
  count  = var.private_endpoint_subnet_id == null ? 0 : 1

  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = var.private_endpoint_subnet_id
  endpoints = merge({
    (var.names.namespace) = {
      resource_id = module.namespace.id
      subresource = "namespace"
      zone        = "privatelink.${local.suffixes.bus}"
    }
    (var.names.archive_account) = {
      resource_id = module.archive.account_id
      subresource = "blob"
      zone        = "privatelink.${local.suffixes.blob}"
    }
    (var.names.files_account) = {
      resource_id = module.files.account_id
      subresource = "blob"
      zone        = "privatelink.${local.suffixes.blob}"
    }
    (var.names.key_vault) = {
      resource_id = module.vault.id
      subresource = "vault"
      zone        = "privatelink.${local.suffixes.vault}"
    }
    }, {
    # Named by its index, it is waited for alone: the pair itself comes after the endpoints.
    for name in var.secondary_location == null ? [] : ["${var.names.namespace}-dr"] : name => {
      resource_id = module.recovery[0].namespace_id
      subresource = "namespace"
      zone        = "privatelink.${local.suffixes.bus}"
    }
  })
  tags = local.tags
}

# The vault's contents are written to the vault itself, which may be reached through its private endpoint alone.
module "secrets" {
  source = "./modules/secrets"

  key_vault_id   = module.vault.writable_id
  names          = var.secret_names
  values         = var.secrets
  values_version = var.secrets_version

  depends_on = [module.network]
}

module "encryption" {
  source = "./modules/encryption"
  count  = var.customer_managed_key ? 1 : 0

  namespace_id     = module.namespace.id
  key_vault_id     = module.vault.writable_id
  identity         = { id = module.identity.id, principal_id = module.identity.principal_id }
  role_propagation = var.role_propagation

  depends_on = [module.network]
}

module "application_access" {
  source = "./modules/access"
  count  = var.application_object_id == null ? 0 : 1

  principal_id            = var.application_object_id
  principal_type          = "ServicePrincipal"
  hub_roles               = local.hub_roles
  hub_ids                 = module.namespace.hub_ids
  container_ids           = module.files.container_ids
  key_vault_ids           = { main = module.vault.id }
  secondary_namespace_ids = { for index, pair in module.recovery : index => pair.namespace_id }
}

# The canary is sent and received by whoever deploys.
module "deployer_access" {
  source = "./modules/access"

  principal_id = local.deployer_object_id
  hub_roles    = { for hub in local.captured_hubs : hub => setsubtract(["Sender", "Receiver"], lookup(local.roles_had, hub, [])) }
  hub_ids      = module.namespace.hub_ids
}

module "monitoring" {
  source = "./modules/monitoring"

  workspace_name      = var.names.log_workspace
  resource_group_name = azurerm_resource_group.main.name
  resource_group_id   = azurerm_resource_group.main.id
  location            = azurerm_resource_group.main.location
  namespace_id        = module.namespace.id
  namespace_name      = module.namespace.name
  capacity            = var.capacity
  diagnostic_hubs     = [for name in keys(var.hubs) : name if name == var.dead_letter_hub]
  read_hubs           = [for hub, roles in local.hub_roles : hub if contains(roles, "Receiver")]
  key_vault_id        = module.vault.id
  log_retention_days  = var.log_retention_days
  lag_threshold       = var.lag_threshold
  alert_emails        = var.alert_emails
  budget              = var.budget
  tags                = local.tags
}

check "reachable" {
  assert {
    condition     = length(var.allowed_ranges) > 0 || var.private_endpoint_subnet_id != null
    error_message = "Neither allowed_ranges nor private_endpoint_subnet_id is given: nothing will reach the namespace, and writing the vault's secrets will fail."
  }
}
