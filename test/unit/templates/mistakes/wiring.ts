import type { Mistake } from './mistake.ts';

const NAMESPACE = 'modules/namespace/main.tf';

/** Modules, and how they are put together. */
export const WIRING_MISTAKES: readonly Mistake[] = [
  {
    what: 'a module that is called without what it asks for',
    file: 'main.tf',
    from: '  capture_principal_id = module.identity.principal_id\n',
    to: '',
    finding: 'module archive: capture_principal_id is missing',
  },
  {
    what: 'a module that is handed what it does not know',
    file: 'main.tf',
    from: '  retention_days       = var.archive.retention_days\n',
    to: '  retention_days       = var.archive.retention_days\n  days = 1\n',
    finding: 'module archive: no variable days',
  },
  {
    what: 'a call of a module that is not there',
    file: 'main.tf',
    from: '"./modules/identity"',
    to: '"./modules/identities"',
    finding: 'module identity: ./modules/identities does not exist',
  },
  {
    what: 'a module nobody calls',
    file: 'main.tf',
    from: '"./modules/identity"',
    to: '"./modules/identities"',
    finding: 'modules/identity: nothing calls this module',
  },
  {
    what: 'a variable that is not declared',
    file: NAMESPACE,
    from: 'var.identity_id',
    to: 'var.identity',
    finding: 'modules/namespace: var.identity is not declared',
  },
  {
    what: 'a variable that is only validated',
    file: 'main.tf',
    from: 'var.budget',
    to: 'null',
    finding: 'root: variable budget is never used',
  },
  {
    what: 'a local that is not declared',
    file: 'main.tf',
    from: 'local.storage_ranges',
    to: 'local.ranges',
    finding: 'root: local.ranges is not declared',
  },
  {
    what: 'an output that does not exist',
    file: 'outputs.tf',
    from: 'module.vault.uri',
    to: 'module.vault.url',
    finding: 'root: module vault has no output url',
  },
  {
    what: 'a variable without a description',
    file: 'modules/archive/variables.tf',
    from: '  description = "Lock the retention policy, for ever."\n',
    to: '',
    finding: 'modules/archive: variable locked has no description or no type',
  },
  {
    what: 'an output without a description',
    file: 'outputs.tf',
    from: '  description = "Group everything is in."\n',
    to: '',
    finding: 'root: output resource_group has no description',
  },
  {
    what: 'a module without its outputs',
    file: 'modules/access/outputs.tf',
    from: 'output "hub_roles" {',
    to: 'locals {',
    finding: 'modules/access: outputs.tf declares none',
  },
];
