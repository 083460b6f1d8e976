import { createHash } from 'node:crypto';
import { endpointOf } from './cloud.ts';
import { failure, type Json } from './http.ts';
import type { Change, ResourceType } from './resource-types.ts';
import type { Resource } from './state.ts';

const NAMESPACE_NAME = /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{4,48}[a-zA-Z0-9]$/;
/** Entities of a namespace: letters, digits, dots, hyphens, underscores. */
const ENTITY_NAME = /^[a-zA-Z0-9](?:[\w.-]{0,254}[a-zA-Z0-9])?$/;
const GROUP_NAME = /^(?:\$Default|[a-zA-Z0-9](?:[\w.-]{0,48}[a-zA-Z0-9])?)$/;
const MAXIMUM = { Standard: { partitions: 32, hours: 168 }, Premium: { partitions: 100, hours: 2160 } } as const;
const DEFAULT_PARTITIONS = 4;
const DEFAULT_HOURS = 168;

/** The words the service has for a name it does not take; undefined for a good one. */
export function namespaceNameFault(name: string): string | undefined {
  if (NAMESPACE_NAME.test(name) && !/-sb$|-mgmt$/i.test(name)) return undefined;
  return `The specified name '${name}' is not a valid namespace name: 6 to 50 letters, digits and hyphens, beginning with a letter and ending with a letter or digit.`;
}

const badRequest = (message: string) => failure(400, 'BadRequest', message);
const time = () => new Date().toISOString();

function skuOf(resource: Resource): { name: keyof typeof MAXIMUM | 'Basic'; capacity?: number } {
  return resource.sku as never;
}

function namespaceOf({ cloud }: Change, resource: Resource): Resource {
  return cloud.state.resources[resource.id.toLowerCase().split('/').slice(0, 9).join('/')]!;
}

const NAMESPACE: ResourceType = {
  longRunning: true,
  needsLocation: true,
  refuse(resource, { cloud, before }) {
    const words = namespaceNameFault(resource.name);
    if (words) return badRequest(words);
    if (!before && cloud.takenNames.has(resource.name.toLowerCase())) {
      return failure(409, 'NamespaceUnavailable', `Namespace ${resource.name} is not available. NameInUse.`);
    }
    const { name, capacity = 1 } = skuOf(resource) ?? {};
    if (!name) return badRequest('The sku of the namespace is required.');
    if (name === 'Standard' && (capacity < 1 || capacity > 40))
      return badRequest('The throughput units must be between 1 and 40.');
    return undefined;
  },
  complete(resource, { cloud, before }) {
    const { name } = resource;
    resource.sku = { tier: skuOf(resource).name, capacity: 1, ...(resource.sku as Json) };
    resource.properties = {
      minimumTlsVersion: '1.2',
      publicNetworkAccess: 'Enabled',
      disableLocalAuth: false,
      zoneRedundant: true,
      isAutoInflateEnabled: false,
      maximumThroughputUnits: 0,
      kafkaEnabled: skuOf(resource).name !== 'Basic',
      ...resource.properties,
      metricId: `${resource.id.split('/')[2]}:${name.toLowerCase()}`,
      createdAt: before?.properties.createdAt ?? time(),
      updatedAt: time(),
      serviceBusEndpoint: endpointOf(cloud.endpoints.serviceBus, name),
      status: 'Active',
    };
  },
  children: () => [
    {
      path: 'authorizationRules/RootManageSharedAccessKey',
      type: 'AuthorizationRules',
      properties: { rights: ['Listen', 'Manage', 'Send'] },
    },
    {
      path: 'networkRuleSets/default',
      type: 'NetworkRuleSets',
      properties: {
        publicNetworkAccess: 'Enabled',
        defaultAction: 'Allow',
        virtualNetworkRules: [],
        ipRules: [],
        trustedServiceAccessEnabled: false,
      },
    },
  ],
};

interface HubProperties {
  partitionCount?: number;
  messageRetentionInDays?: number;
  retentionDescription?: { cleanupPolicy?: string; retentionTimeInHours?: number };
}

function refuseHub(resource: Resource, change: Change) {
  const { name } = skuOf(namespaceOf(change, resource));
  const limit = MAXIMUM[name === 'Premium' ? 'Premium' : 'Standard'];
  const { partitionCount, retentionDescription } = resource.properties as HubProperties;
  const before = change.before?.properties.partitionCount;
  if (!ENTITY_NAME.test(resource.name)) return badRequest(`The name '${resource.name}' of the event hub is not valid.`);
  if (partitionCount !== undefined && (partitionCount < 1 || partitionCount > limit.partitions)) {
    return badRequest(`The partition count must be between 1 and ${limit.partitions} on a ${name} namespace.`);
  }
  if (before !== undefined && partitionCount !== undefined && name === 'Standard' && before !== partitionCount) {
    return badRequest('The partition count of an event hub cannot be changed.');
  }
  if ((retentionDescription?.retentionTimeInHours ?? 1) > limit.hours) {
    return badRequest(`The retention must be at most ${limit.hours} hours on a ${name} namespace.`);
  }
  return undefined;
}

function completeHub(resource: Resource, { before }: Change): void {
  const { properties } = resource as { properties: HubProperties };
  const days = properties.messageRetentionInDays;
  const hours = properties.retentionDescription?.retentionTimeInHours ?? (days ? days * 24 : DEFAULT_HOURS);
  const partitionCount = properties.partitionCount ?? DEFAULT_PARTITIONS;
  resource.properties = {
    status: 'Active',
    ...properties,
    messageRetentionInDays: Math.ceil(hours / 24),
    retentionDescription: { cleanupPolicy: 'Delete', ...properties.retentionDescription, retentionTimeInHours: hours },
    partitionCount,
    partitionIds: Array.from({ length: partitionCount }, (_, index) => `${index}`),
    createdAt: before?.properties.createdAt ?? time(),
    updatedAt: time(),
  };
}

const HUB: ResourceType = {
  createdStatus: 200,
  refuse: refuseHub,
  complete: completeHub,
  children: () => [
    { path: 'consumergroups/$Default', type: 'ConsumerGroups', properties: { createdAt: time(), updatedAt: time() } },
  ],
};

const CONSUMER_GROUP: ResourceType = {
  createdStatus: 200,
  refuse: ({ name }) =>
    GROUP_NAME.test(name) ? undefined : badRequest(`The name '${name}' of the consumer group is not valid.`),
  complete(resource, { before }) {
    resource.properties = {
      ...resource.properties,
      createdAt: before?.properties.createdAt ?? time(),
      updatedAt: time(),
    };
  },
};

const RULE: ResourceType = {
  createdStatus: 200,
  refuse({ properties }) {
    const rights = (properties.rights ?? []) as string[];
    if (rights.length === 0) return badRequest('At least one right is required.');
    const unknown = rights.find((right) => !['Manage', 'Send', 'Listen'].includes(right));
    if (unknown) return badRequest(`The right '${unknown}' is not known.`);
    return rights.includes('Manage') && rights.length < 3 ? badRequest('Manage needs Send and Listen too.') : undefined;
  },
};

const NETWORK_RULES: ResourceType = {
  createdStatus: 200,
  complete(resource) {
    const defaults = { publicNetworkAccess: 'Enabled', defaultAction: 'Allow', virtualNetworkRules: [], ipRules: [] };
    resource.properties = { trustedServiceAccessEnabled: false, ...defaults, ...resource.properties };
  },
  stored(resource, change) {
    namespaceOf(change, resource).properties.publicNetworkAccess = resource.properties.publicNetworkAccess;
  },
};

const RECOVERY: ResourceType = {
  refuse(resource, { cloud }) {
    const partner = String(resource.properties.partnerNamespace ?? '');
    return cloud.state.resources[partner.toLowerCase()]
      ? undefined
      : badRequest(`The partner namespace '${partner}' was not found; its full id is needed.`);
  },
  complete(resource) {
    Object.assign(resource.properties, {
      provisioningState: 'Succeeded',
      role: 'Primary',
      pendingReplicationOperationsCount: 0,
    });
  },
  stored(resource, { cloud }) {
    const partner = String(resource.properties.partnerNamespace);
    const id = `${partner}/disasterRecoveryConfigs/${resource.name}`;
    const properties = {
      ...resource.properties,
      partnerNamespace: resource.id.split('/').slice(0, 9).join('/'),
      role: 'Secondary',
    };
    cloud.state.resources[id.toLowerCase()] = { ...resource, id, properties };
  },
};

/** Types of Microsoft.EventHub, by lower-case name. */
export const EVENT_HUB_TYPES: Record<string, ResourceType> = {
  'microsoft.eventhub/namespaces': NAMESPACE,
  'microsoft.eventhub/namespaces/eventhubs': HUB,
  'microsoft.eventhub/namespaces/eventhubs/consumergroups': CONSUMER_GROUP,
  'microsoft.eventhub/namespaces/authorizationrules': RULE,
  'microsoft.eventhub/namespaces/eventhubs/authorizationrules': RULE,
  'microsoft.eventhub/namespaces/networkrulesets': NETWORK_RULES,
  'microsoft.eventhub/namespaces/disasterrecoveryconfigs': RECOVERY,
  'microsoft.eventhub/namespaces/schemagroups': { createdStatus: 200 },
};

/** The keys of a rule; always the same ones, and good for nothing. */
export function keysOf(rule: Resource): Json {
  const [namespace = '', hub] = rule.id
    .split('/')
    .slice(8)
    .filter((_, index) => index % 2 === 0);
  const key = (which: string) => createHash('sha256').update(`${rule.id}${which}`).digest('base64');
  const entity = rule.type.toLowerCase().includes('/eventhubs/') ? `;EntityPath=${hub}` : '';
  const text = (value: string) =>
    `Endpoint=sb://${namespace}.servicebus.windows.net/;SharedAccessKeyName=${rule.name};SharedAccessKey=${value}${entity}`;
  const [primaryKey, secondaryKey] = [key('primary'), key('secondary')];
  return {
    primaryKey,
    secondaryKey,
    primaryConnectionString: text(primaryKey),
    secondaryConnectionString: text(secondaryKey),
    keyName: rule.name,
  };
}
