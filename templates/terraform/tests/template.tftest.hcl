# The whole template with providers that are mocked: what is made, and what is refused.

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = {
      object_id = "11111111-1111-4111-8111-111111111111"
      tenant_id = "22222222-2222-4222-8222-222222222222"
    }
  }
}

mock_provider "time" {}

variables {
  subscription_id = "00000000-0000-4000-8000-000000000000"
  environment     = "demo"
  location        = "westeurope"
  names = {
    resource_group   = "rg-oms-demo"
    namespace        = "evhns-oms-demo-abc123"
    archive_account  = "omsdemoarchiveabc123"
    files_account    = "omsdemofilesabc123"
    key_vault        = "kv-oms-demo-abc123"
    log_workspace    = "log-oms-demo"
    capture_identity = "id-oms-demo-capture"
  }
  capacity = { sku = "Standard", units = 6, maximum_units = 12 }
  hubs = {
    orders       = { partitions = 8, retention_hours = 168, capture = true, consumer_groups = ["oms-core", "oms-check"] }
    order-events = { partitions = 8, retention_hours = 168, capture = true, consumer_groups = ["oms-core"] }
    orders-dlq   = { partitions = 2, retention_hours = 168, capture = false, consumer_groups = ["oms-core"] }
  }
  archive         = { container = "archive", retention_days = 3653, locked = false, redundancy = "RAGRS" }
  file_containers = ["documents", "images"]
  allowed_ranges  = ["203.0.113.0/24"]
  secret_names    = ["admin-token"]
  secrets         = { admin-token = "not-a-secret" }

  # Named although they are the defaults: a working copy has an environment's values beside the template.
  cloud                      = "public"
  secondary_location         = null
  private_endpoint_subnet_id = null
  customer_managed_key       = false
  budget                     = null
  application_object_id      = null
  deployer_object_id         = null
}

run "standard" {
  command = plan

  assert {
    condition     = output.namespace.fqdn == "evhns-oms-demo-abc123.servicebus.windows.net"
    error_message = "The namespace's address is wrong."
  }
  assert {
    condition     = output.namespace.geo_alias == null
    error_message = "There is a geo-DR pair that nobody asked for."
  }
  assert {
    condition     = output.hubs["orders"].partitions == 8 && output.hubs["orders"].consumer_groups == tolist(["oms-check", "oms-core"])
    error_message = "The hub of orders is not as it was asked for."
  }
  assert {
    condition     = output.key_vault.secrets == tolist(["admin-token"])
    error_message = "The vault has other secrets than were named."
  }
  assert {
    condition     = length(module.application_access) == 0 && length(module.network) == 0 && length(module.encryption) == 0
    error_message = "Something optional is made that nobody asked for."
  }
}

run "application_and_pair_in_another_cloud" {
  command = plan

  variables {
    application_object_id = "33333333-3333-4333-8333-333333333333"
    cloud                 = "usgovernment"
    location              = "usgovvirginia"
    secondary_location    = "usgovarizona"
  }

  assert {
    condition     = module.application_access[0].hub_roles == tolist(["order-events/Sender", "orders-dlq/Sender", "orders/Receiver", "orders/Sender"])
    error_message = "The apps do not get exactly the roles they need."
  }
  assert {
    condition     = output.namespace.geo_alias == "evhns-oms-demo-abc123-geo"
    error_message = "The pair has no alias."
  }
  assert {
    condition     = output.namespace.fqdn == "evhns-oms-demo-abc123.servicebus.usgovcloudapi.net"
    error_message = "The namespace's address is of another cloud."
  }
}

run "who_deploys_is_the_application" {
  command = plan

  variables {
    application_object_id = "11111111-1111-4111-8111-111111111111"
  }

  assert {
    condition     = module.deployer_access.hub_roles == tolist(["order-events/Receiver"])
    error_message = "A role would be given twice, which Azure refuses."
  }
}

# One day too few, too many partitions, everybody, a key of one's own on Standard.
run "refused" {
  command = plan

  variables {
    archive              = { container = "archive", retention_days = 3652, locked = false, redundancy = "RAGRS" }
    hubs                 = { orders = { partitions = 64, retention_hours = 168, capture = true, consumer_groups = [] } }
    allowed_ranges       = ["0.0.0.0/0"]
    customer_managed_key = true
  }

  expect_failures = [var.archive, var.hubs, var.allowed_ranges, var.customer_managed_key]
}

# Units there are none of, addresses Azure never sees, the middle of a month.
run "refused_too" {
  command = plan

  variables {
    capacity       = { sku = "Premium", units = 3, maximum_units = 0 }
    allowed_ranges = ["192.168.4.0/24"]
    budget         = { amount = 100, start_date = "2026-09-15T00:00:00Z" }
  }

  expect_failures = [var.capacity, var.allowed_ranges, var.budget]
}

run "nobody_may_come_in" {
  command = plan

  variables {
    allowed_ranges = []
  }

  expect_failures = [check.reachable]
}
