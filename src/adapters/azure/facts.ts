import type { Static } from 'typebox';
import type {
  AccountAnswer,
  HubAnswer,
  LifecycleAnswer,
  NamespaceAnswer,
  NetworkRulesAnswer,
  PolicyAnswer,
} from './answers.ts';
import type { ArchiveFacts, HubFacts, NamespaceFacts } from './cloud.ts';

const HOURS_A_DAY = 24;

export function namespaceFacts(
  answer: Static<typeof NamespaceAnswer>,
  rules: Static<typeof NetworkRulesAnswer>,
): NamespaceFacts {
  return {
    id: answer.id,
    location: answer.location,
    state: answer.provisioningState ?? answer.status ?? 'unknown',
    sku: answer.sku.name,
    units: answer.sku.capacity ?? 0,
    autoInflate: answer.isAutoInflateEnabled ?? false,
    maximumUnits: answer.maximumThroughputUnits ?? 0,
    localAuthDisabled: answer.disableLocalAuth ?? false,
    minimumTls: answer.minimumTlsVersion ?? undefined,
    publicNetworkAccess: answer.publicNetworkAccess ?? undefined,
    zoneRedundant: answer.zoneRedundant ?? undefined,
    serviceEndpoint: answer.serviceBusEndpoint,
    network: {
      defaultAction: rules.defaultAction ?? 'Allow',
      trustedServices: rules.trustedServiceAccessEnabled ?? false,
      ranges: (rules.ipRules ?? []).flatMap(({ ipMask }) => ipMask ?? []),
    },
  };
}

function captureFacts(capture: Static<typeof HubAnswer>['captureDescription']): HubFacts['capture'] {
  if (!capture) return undefined;
  const { destination } = capture;
  return {
    enabled: capture.enabled ?? false,
    encoding: capture.encoding ?? '',
    intervalSeconds: capture.intervalInSeconds ?? 0,
    identityId: destination?.identity?.userAssignedIdentity ?? undefined,
    accountId: destination?.storageAccountResourceId ?? '',
    container: destination?.blobContainer ?? '',
    nameFormat: destination?.archiveNameFormat ?? '',
  };
}

export function hubFacts(answer: Static<typeof HubAnswer>, consumerGroups: string[]): HubFacts {
  const days = answer.messageRetentionInDays ?? undefined;
  return {
    name: answer.name,
    partitions: answer.partitionCount,
    state: answer.status ?? 'unknown',
    retentionHours: answer.retentionDescription?.retentionTimeInHours ?? (days && days * HOURS_A_DAY),
    consumerGroups,
    capture: captureFacts(answer.captureDescription),
  };
}

const namesOf = (actions: Record<string, unknown> | null | undefined, prefix: string): string[] =>
  Object.entries(actions ?? {}).flatMap(([name, value]) => (value ? `${prefix}${name}` : []));

function lifecycleFacts({ policy }: Static<typeof LifecycleAnswer>): ArchiveFacts['lifecycle'] {
  const active = (policy?.rules ?? []).filter((rule) => rule.enabled !== false);
  return active.map(({ name, definition: { actions } }) => ({
    name,
    actions: [
      ...namesOf(actions.baseBlob, ''),
      ...namesOf(actions.snapshot, 'snapshot.'),
      ...namesOf(actions.version, 'version.'),
    ],
  }));
}

/** A container that never had a policy, or whose policy was taken away, is told as one of state Deleted. */
function policyFacts(policy: Static<typeof PolicyAnswer> | undefined): ArchiveFacts['policy'] {
  if (!policy?.state || policy.state === 'Deleted') return undefined;
  return { days: policy.immutabilityPeriodSinceCreationInDays ?? 0, state: policy.state, etag: policy.etag ?? '' };
}

export function archiveFacts(
  account: Static<typeof AccountAnswer>,
  policy: Static<typeof PolicyAnswer> | undefined,
  lifecycle: Static<typeof LifecycleAnswer> | undefined,
): ArchiveFacts {
  return {
    accountId: account.id,
    redundancy: account.sku.name,
    // Both are on for an account that says nothing (older ones); reading them as off would hide it.
    sharedKeys: account.allowSharedKeyAccess ?? true,
    publicBlobs: account.allowBlobPublicAccess ?? true,
    minimumTls: account.minimumTlsVersion ?? undefined,
    blobEndpoint: account.primaryEndpoints.blob,
    defaultAction: account.networkRuleSet?.defaultAction ?? 'Allow',
    trustedServices: account.networkRuleSet?.bypass?.split(/,\s*/).includes('AzureServices') ?? false,
    policy: policyFacts(policy),
    lifecycle: lifecycle ? lifecycleFacts(lifecycle) : [],
  };
}
