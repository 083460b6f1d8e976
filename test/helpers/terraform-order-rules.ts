import {
  address,
  type Body,
  expression,
  nested,
  type Resource,
  type Rule,
  resourcesOf,
  type Template,
} from './terraform-template.ts';

/** What Terraform cannot see from the references alone: in which order Azure takes things. */
interface Wait {
  /** Module, and the output or resource in it that waits. */
  folder: string;
  output?: string;
  resource?: string;
  for: readonly string[];
}

const WAITS: readonly Wait[] = [
  {
    folder: 'modules/archive',
    output: 'capture_destination',
    for: ['time_sleep.roles_in_force', 'azurerm_storage_container_immutability_policy.archive'],
  },
  { folder: 'modules/vault', output: 'writable_id', for: ['time_sleep.roles_in_force'] },
  {
    folder: 'modules/encryption',
    resource: 'azurerm_eventhub_namespace_customer_managed_key.main',
    for: ['time_sleep.role_in_force'],
  },
  // Azure encrypts an empty namespace alone.
  {
    folder: 'modules/encryption',
    output: 'key_id',
    for: ['azurerm_eventhub_namespace_customer_managed_key.main'],
  },
  { folder: 'modules/namespace', resource: 'azurerm_eventhub.main', for: ['var.encryption_key_id'] },
  // A pair copies the hubs that are there, and takes no namespace whose partner has no private endpoint yet.
  {
    folder: 'modules/recovery',
    resource: 'azurerm_eventhub_namespace_disaster_recovery_config.pair',
    for: ['var.primary_hubs', 'var.endpoint_ids'],
  },
  {
    folder: 'modules/network',
    resource: 'azurerm_private_endpoint.main',
    for: ['azurerm_private_dns_zone_virtual_network_link.main'],
  },
];

/** What the root has to hand over for a wait to come to something; "depends_on" is of the whole call. */
const HANDED: readonly { call: string; argument: string; value: string }[] = [
  { call: 'namespace', argument: 'capture_destination', value: 'module.archive.capture_destination' },
  { call: 'namespace', argument: 'encryption_key_id', value: 'module.encryption[*].key_id' },
  { call: 'secrets', argument: 'key_vault_id', value: 'module.vault.writable_id' },
  { call: 'secrets', argument: 'depends_on', value: 'module.network' },
  { call: 'encryption', argument: 'key_vault_id', value: 'module.vault.writable_id' },
  { call: 'encryption', argument: 'depends_on', value: 'module.network' },
  { call: 'recovery', argument: 'primary_hubs', value: 'module.namespace.hubs' },
  { call: 'recovery', argument: 'endpoint_ids', value: 'module.network[*].endpoint_ids' },
];

const name = ({ type, name: label }: Resource) => `${type}.${label}`;

function waiting(template: Template, { folder, output, resource }: Wait): Body | undefined {
  const module = template.modules[folder];
  if (output !== undefined) return module?.outputs[output];
  return module?.resources.find((it) => name(it) === resource)?.body;
}

/** What Azure refuses when it comes too early is waited for. */
export const orderIsKept: Rule = (template) => [
  ...WAITS.flatMap((wait) => {
    const awaited = JSON.stringify(waiting(template, wait)?.depends_on ?? '');
    return wait.for
      .filter((it) => !awaited.includes(`{${it}}`))
      .map((it) => `${wait.folder} ${wait.output ?? wait.resource}: does not wait for ${it}`);
  }),
  ...HANDED.filter(
    ({ call, argument, value }) => !JSON.stringify(template.root.calls[call]?.[argument] ?? '').includes(value),
  ).map(({ call, argument, value }) => `module ${call}: ${argument} is not ${value}`),
];

/** A role is in force some minutes after it was given: the pause of a module is for all of its roles. */
export const rolesAreWaitedFor: Rule = (template) =>
  resourcesOf(template, 'time_sleep').flatMap((sleep) => {
    const triggers = JSON.stringify(sleep.body.triggers ?? '');
    const roles = resourcesOf(template, 'azurerm_role_assignment').filter(({ folder }) => folder === sleep.folder);
    return [
      ...roles
        .filter((role) => !triggers.includes(name(role)))
        .map((role) => `${address(sleep)}: ${name(role)} is not waited for`),
      // Triggers alone would let the roles be waited for once and for nothing.
      ...(sleep.body.create_duration === expression('var.role_propagation')
        ? []
        : [`${address(sleep)}: does not take its time`]),
    ];
  });

/** What the lock comes after by what it names, or is no resource of Azure. */
const BEFORE_THE_LOCK = [
  'azurerm_storage_account',
  'azurerm_storage_container',
  'azurerm_management_lock',
  'time_sleep',
];

/** Nothing below a locked account can be deleted: the lock is made last, and so removed first. */
export const theLockComesLast: Rule = (template) =>
  resourcesOf(template, 'azurerm_management_lock').flatMap((lock) => {
    const awaited = JSON.stringify(lock.body.depends_on ?? '');
    return (template.modules[lock.folder]?.resources ?? [])
      .filter(({ type }) => !BEFORE_THE_LOCK.includes(type))
      .filter((resource) => !awaited.includes(name(resource)))
      .map((resource) => `${address(lock)}: is made before ${name(resource)}`);
  });

/** Part of a resource that is reached through an endpoint, and the service whose private zone its name is in. */
const ZONES: Readonly<Record<string, string>> = { namespace: 'bus', blob: 'blob', vault: 'vault' };

/** With another zone the name leads to the public address, which is shut. */
export const endpointsFitTheirZones: Rule = ({ root }) => {
  const endpoints = JSON.stringify(root.calls.network?.endpoints ?? '');
  const pairs = [...endpoints.matchAll(/subresource\s*= \\"(\w+)\\"\\n\s*zone\s*= \\"(.*?)\\"/g)];
  return [
    ...(pairs.length === 0 ? ['module network: no endpoints'] : []),
    ...pairs
      .filter(([, part, zone]) => zone !== `privatelink.\${local.suffixes.${ZONES[part!]}}`)
      .map(([, part]) => `module network: ${part} is not reached by a name in a zone of its own`),
  ];
};

/** Periods Azure evaluates alerts in, in minutes; thresholds it learns itself are not looked at every minute. */
const MINUTES: Readonly<Record<string, number>> = {
  PT1M: 1,
  PT5M: 5,
  PT15M: 15,
  PT30M: 30,
  PT1H: 60,
  PT6H: 360,
  PT12H: 720,
  P1D: 1440,
};
const HOURLY = 60;
const LEARNT = 5;

/** An alert that Azure accepts and that somebody hears of. */
export const alertsAreHeard: Rule = (template) => [
  ...resourcesOf(template, 'azurerm_monitor_metric_alert', 'azurerm_monitor_scheduled_query_rules_alert_v2')
    .filter(({ body }) => !JSON.stringify(nested(body, 'action')).includes('azurerm_monitor_action_group.main.id'))
    .map((alert) => `${address(alert)}: tells nobody`),
  ...Object.values(template.modules).flatMap(({ locals }) =>
    [locals.alerts, locals.premium_alerts].flatMap((alerts) => Object.entries((alerts ?? {}) as Body).flatMap(timing)),
  ),
];

function timing([label, alert]: [string, unknown]): string[] {
  const { window, frequency, threshold } = alert as Body;
  const [span, every] = [MINUTES[String(window)], MINUTES[String(frequency)]];
  if (span === undefined || every === undefined || every > Math.min(span, HOURLY)) {
    return [`alert ${label}: ${frequency} and ${window} are no frequency and window`];
  }
  const learnt = threshold === null && every < LEARNT;
  return learnt ? [`alert ${label}: what is usual is not looked at every ${frequency}`] : [];
}

export const ORDER_RULES: Readonly<Record<string, Rule>> = {
  orderIsKept,
  rolesAreWaitedFor,
  theLockComesLast,
  endpointsFitTheirZones,
  alertsAreHeard,
};
