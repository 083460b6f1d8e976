import {
  address,
  type Body,
  bodiesOf,
  expression,
  isBody,
  nested,
  type Resource,
  type Rule,
  resourcesOf,
  type Template,
  type Value,
  valuesOf,
} from './terraform-template.ts';

/** Settings that hold for every resource of a type, whatever is configured. */
const FIXED: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  azurerm_storage_account: {
    shared_access_key_enabled: false,
    local_user_enabled: false,
    default_to_oauth_authentication: true,
  },
  azurerm_log_analytics_workspace: { local_authentication_enabled: false },
  azurerm_key_vault: { rbac_authorization_enabled: true },
};

/** The oldest protocol version each takes. */
const TLS: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  azurerm_storage_account: { min_tls_version: 'TLS1_2', https_traffic_only_enabled: true },
  azurerm_eventhub_namespace: { minimum_tls_version: '1.2' },
};

/** Nobody reads without signing in. */
const NOT_ANONYMOUS: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  azurerm_storage_account: { allow_nested_items_to_be_public: false, cross_tenant_replication_enabled: false },
  azurerm_storage_container: { container_access_type: 'private' },
};

/** The firewall of each. */
const FIREWALLS: Readonly<Record<string, string>> = {
  azurerm_eventhub_namespace: 'network_rulesets',
  azurerm_storage_account: 'network_rules',
  azurerm_key_vault: 'network_acls',
};

/** Roles the template gives; none of them can give roles, and none is over a subscription. */
const ROLES = [
  'Azure Event Hubs Data Sender',
  'Azure Event Hubs Data Receiver',
  'Storage Blob Data Contributor',
  'Storage Blob Data Owner',
  'Key Vault Secrets User',
  'Key Vault Secrets Officer',
  'Key Vault Crypto Officer',
  'Key Vault Crypto Service Encryption User',
];

/** Resources that keep a shared key in the state. */
const KEY_HOLDERS = ['azurerm_eventhub_authorization_rule', 'azurerm_eventhub_namespace_authorization_rule'];

function differing(template: Template, settings: Readonly<Record<string, Readonly<Record<string, Value>>>>): string[] {
  return resourcesOf(template, ...Object.keys(settings)).flatMap((resource) =>
    Object.entries(settings[resource.type]!)
      .filter(([name, value]) => resource.body[name] !== value)
      .map(([name, value]) => `${address(resource)}: ${name} is not ${JSON.stringify(value)}`),
  );
}

/** Entra ID everywhere; shared keys of the namespace only when they were asked for. */
export const nobodySignsInByKey: Rule = (template) => [
  ...differing(template, FIXED),
  ...resourcesOf(template, 'azurerm_eventhub_namespace')
    .filter(({ folder, body }) =>
      valuesOf(template, folder, body.local_authentication_enabled).some((value) => value !== false),
    )
    .map((namespace) => `${address(namespace)}: local_authentication_enabled is not false by default`),
];

export const connectionsAreEncrypted: Rule = (template) => differing(template, TLS);

/** Firewalls are shut, and nothing lies open to who does not sign in. */
export const nothingIsPublic: Rule = (template) => [
  ...differing(template, NOT_ANONYMOUS),
  ...resourcesOf(template, ...Object.keys(FIREWALLS))
    .filter(({ type, body }) => !isShut(body, FIREWALLS[type]!))
    .map((resource) => `${address(resource)}: ${FIREWALLS[resource.type]} does not deny by default`),
  ...(Array.isArray(template.root.variables.allowed_ranges?.default) &&
  template.root.variables.allowed_ranges.default.length === 0
    ? []
    : ['variable allowed_ranges: somebody is let in by default']),
];

function isShut(body: Body, firewall: string): boolean {
  const [rules] = nested(body, firewall);
  return rules?.default_action === 'Deny';
}

/** The provider refuses a namespace and a rule set that differ. */
export const publicAccessAgrees: Rule = (template) =>
  resourcesOf(template, 'azurerm_eventhub_namespace')
    .filter(({ body }) => {
      const [rules] = bodiesOf(body.network_rulesets);
      return rules?.public_network_access_enabled !== body.public_network_access_enabled;
    })
    .map((namespace) => `${address(namespace)}: public_network_access_enabled differs between it and its rules`);

/** Behind a firewall Capture reaches the archive, and the namespace its key, as trusted services alone. */
export const trustedServicesGetThrough: Rule = (template) => [
  ...resourcesOf(template, 'azurerm_storage_account', 'azurerm_key_vault')
    .filter(({ type, body }) => !JSON.stringify(nested(body, FIREWALLS[type]!)[0]?.bypass ?? '').includes(TRUSTED))
    .map((resource) => `${address(resource)}: ${FIREWALLS[resource.type]} do not let ${TRUSTED} by`),
  ...resourcesOf(template, 'azurerm_storage_account')
    .filter(({ name, body }) => name === 'archive' && body.public_network_access_enabled !== true)
    .map((account) => `${address(account)}: without public_network_access_enabled no firewall lets ${TRUSTED} by`),
];

const TRUSTED = 'AzureServices';

/** No shared key comes into state, plan or outputs by what the template says. */
export const noKeyIsKept: Rule = (template) => [
  ...resourcesOf(template, ...KEY_HOLDERS).map((rule) => `${address(rule)}: its keys would be in the state`),
  ...Object.values(template.modules).flatMap(({ folder, text }) =>
    [...text.matchAll(/\.(\w*(?:access_key|shared_key|primary_key|secondary_key|connection_string)\w*)\b/g)]
      .filter(([, name]) => !name!.startsWith('shared_access_keys'))
      .map(([, name]) => `${folder}: refers to ${name}`),
  ),
];

/** A secret goes from the environment to the vault without being kept on the way. */
export const secretsAreWrittenOnly: Rule = (template) => [
  ...resourcesOf(template, 'azurerm_key_vault_secret').flatMap((secret) => [
    ...('value' in secret.body ? [`${address(secret)}: value would be in the state`] : []),
    ...(secret.body.value_wo && secret.body.value_wo_version ? [] : [`${address(secret)}: is not write-only`]),
    ...keptVariables(template, secret),
  ]),
  ...notEphemeral(template.root.variables.secrets, 'variable secrets'),
];

function keptVariables(template: Template, { folder, body }: Resource): string[] {
  const named = [...String(body.value_wo).matchAll(/\bvar\.(\w+)/g)].map((match) => match[1]!);
  return named.flatMap((name) => notEphemeral(template.modules[folder]?.variables[name], `${folder} variable ${name}`));
}

function notEphemeral(variable: Body | undefined, at: string): string[] {
  const lacking = ['ephemeral', 'sensitive'].filter((flag) => variable?.[flag] !== true);
  return lacking.map((flag) => `${at}: is not ${flag}`);
}

/** Nobody gets more than the work needs. */
export const rolesAreNarrow: Rule = (template) => [...wideAssignments(template), ...hubRolesAreChecked(template)];

const wideAssignments: Rule = (template) =>
  resourcesOf(template, 'azurerm_role_assignment').flatMap((assignment) => {
    const { folder, body } = assignment;
    const wide = rolesOf(template, folder, body.role_definition_name).filter((role) => !ROLES.includes(role));
    const everything = /azurerm_resource_group|subscription/.test(String(body.scope));
    return [
      ...wide.map((role) => `${address(assignment)}: gives ${role}`),
      ...(everything ? [`${address(assignment)}: is not at a resource's own scope`] : []),
    ];
  });

/** What is done at a hub is given by the caller; the module itself refuses to make an owner. */
const hubRolesAreChecked: Rule = ({ modules }) => {
  const roles = modules['modules/access']?.variables.hub_roles ?? {};
  const conditions = nested(roles, 'validation').map(({ condition }) => String(condition));
  return conditions.some((it) => it.includes('contains(["Sender", "Receiver"], role)'))
    ? []
    : ['modules/access: hub_roles may be more than Sender and Receiver'];
};

/** Names of roles an expression stands for, as far as they are written down somewhere. */
function rolesOf(template: Template, folder: string, role: Value | undefined): string[] {
  if (typeof role === 'string' && !role.includes('${')) return [role];
  const text = template.modules[folder]!.text;
  const written = [...text.matchAll(/"(Azure Event Hubs Data [^"]*)"/g)].flatMap(([, name]) =>
    name!.replace(/\$\{[^}]*\}/, 'Sender'),
  );
  const handed = valuesOf(template, folder, expression('var.deployer_roles')).flatMap((value) =>
    [...JSON.stringify(value ?? '').matchAll(/\\?"((?:Key Vault|Owner|Contributor)[^"\\]*)\\?"/g)].map(([, it]) => it!),
  );
  return [...written, ...handed];
}

/** A plan changes nothing, and one that comes from elsewhere cannot bring its own state along. */
export const providerKeepsToItself: Rule = ({ root }) => {
  const azurerm = root.providers.azurerm ?? {};
  const [features] = bodiesOf(azurerm.features);
  const [group, vault] = ['resource_group', 'key_vault'].map((name) =>
    features ? nested(features, name)[0] : undefined,
  );
  return [
    ...(azurerm.storage_use_azuread === true ? [] : ['provider: storage_use_azuread is not true']),
    ...(azurerm.resource_provider_registrations === 'none' ? [] : ['provider: registers resource providers']),
    ...('resource_providers_to_register' in azurerm ? ['provider: registers resource providers while planning'] : []),
    ...(vault?.recover_soft_deleted_key_vaults === true ? [] : ['provider: does not take a deleted vault back']),
    ...(vault?.purge_soft_delete_on_destroy === false ? [] : ['provider: purges the vault']),
    ...(group?.prevent_deletion_if_contains_resources === true ? [] : ['provider: deletes groups that are not empty']),
    ...(root.terraform.some((block) => 'backend' in block) ? ['terraform: the template names a backend'] : []),
  ];
};

/** Versions whose forms the template is written in. */
export const versionsAreBound: Rule = ({ root }) => {
  const bound = root.terraform.flatMap((block) => bodiesOf(block.required_providers))[0] ?? {};
  const version = (name: string) => (isBody(bound[name]) ? bound[name].version : undefined);
  return [
    ...(version('azurerm') === '~> 5.2' ? [] : ['terraform: azurerm is not bound to ~> 5.2']),
    ...(version('time') === undefined ? ['terraform: time is not bound'] : []),
    ...(Object.keys(bound).some((name) => !['azurerm', 'time'].includes(name)) ? ['terraform: other providers'] : []),
    ...(root.terraform.some((block) => block.required_version === '>= 1.11, < 2.0')
      ? []
      : ['terraform: required_version is not >= 1.11, < 2.0']),
  ];
};

/** Locks and policies that depend on a month would be replaced with it. */
export const budgetsOutliveTheirMonth: Rule = (template) =>
  resourcesOf(template, 'azurerm_consumption_budget_resource_group')
    .filter(({ body }) => !JSON.stringify(nested(body, 'lifecycle')[0]?.ignore_changes ?? '').includes('time_period'))
    .map((budget) => `${address(budget)}: is replaced every month`);

export const ACCESS_RULES: Readonly<Record<string, Rule>> = {
  nobodySignsInByKey,
  connectionsAreEncrypted,
  nothingIsPublic,
  publicAccessAgrees,
  trustedServicesGetThrough,
  noKeyIsKept,
  secretsAreWrittenOnly,
  rolesAreNarrow,
  providerKeepsToItself,
  versionsAreBound,
  budgetsOutliveTheirMonth,
};
