import { again, type FailureRule, LEARN } from './rule.ts';

const policyName = (text: string) => /policyAssignment\\*"\s*:\s*\{\\*"name\\*"\s*:\s*\\*"([^"\\]+)/.exec(text)?.[1];

function roleFor(action = ''): string {
  if (action.startsWith('Microsoft.Authorization/roleAssignments/')) {
    return 'Role Based Access Control Administrator assigned to you, beside Contributor';
  }
  return action.startsWith('Microsoft.Authorization/locks/')
    ? 'Locks Contributor assigned to you, beside Contributor'
    : 'Contributor assigned to you on the subscription or the resource group';
}

/** What Azure allows, offers and has to spare. */
export const AZURE_RULES: readonly FailureRule[] = [
  {
    name: 'policy denial',
    pattern: /RequestDisallowedByPolicy|was disallowed by policy/,
    explain: ({ text }) => {
      const name = policyName(text);
      return {
        message: 'a policy of the organisation forbids it',
        why: name ? `the policy assignment "${name}" denies it` : 'Azure Policy denied the request',
        next: [
          'ask whoever keeps the policies for an exemption of this resource group',
          'or choose what the policy allows: --region, --allow-ip, --private-endpoint-subnet',
        ],
      };
    },
    link: `${LEARN}/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy`,
  },
  {
    name: 'provider not registered',
    pattern: /MissingSubscriptionRegistration|not registered to use namespace '([\w.]+)'/,
    explain: ({ text, environment }) => {
      const namespace = /namespace '([\w.]+)'/.exec(text)?.[1] ?? 'NAMESPACE';
      return {
        message: `the subscription is not registered for ${namespace}`,
        why: 'a subscription offers a kind of resource only after its provider was registered once',
        next: [`az provider register --namespace ${namespace} --wait`, again(environment)],
      };
    },
    link: `${LEARN}/azure-resource-manager/troubleshooting/error-register-resource-provider`,
  },
  {
    name: 'subscription disabled',
    pattern:
      /ReadOnlyDisabledSubscription|DisabledSubscription|subscription '?[\w-]*'? ?is disabled|SubscriptionNotFound/,
    explain: () => ({
      message: 'the subscription is disabled, or not to be seen with this login',
      why: 'a disabled subscription can be read but not changed: a limit was reached, a payment failed, or it was cancelled',
      next: ['az account list --output table', 'az account set --subscription ID'],
    }),
    link: `${LEARN}/cost-management-billing/manage/subscription-disabled`,
  },
  {
    name: 'not available in the region',
    pattern:
      /SkuNotAvailable|LocationNotAvailableForResourceType|NoRegisteredProviderFound|not available (?:for resource type .*|in (?:the )?(?:location|region))|ProvisioningDisabled|RequestedTierNotAvailable/,
    explain: ({ environment }) => ({
      message: 'the region does not offer this',
      why: 'the tier or the kind of resource is not sold there, or has run short',
      next: [`oms provision --env ${environment} --region NAME`, 'az account list-locations --output table'],
    }),
    link: `${LEARN}/azure-resource-manager/troubleshooting/error-sku-not-available`,
  },
  {
    name: 'quota',
    pattern:
      /QuotaExceeded|QuotaNotAvailable|MaxStorageAccountsCountPerSubscriptionExceeded|exceed\w* (?:the )?(?:approved |maximum |allowed )?\w* ?(?:quota|limit)|reached (?:the|its) (?:quota|limit)/i,
    explain: ({ environment }) => ({
      message: 'a quota of the subscription is used up',
      why: 'Azure limits how many of these, or how many units, a subscription has in a region',
      next: [
        'ask for more in the portal: Subscriptions > Usage + quotas',
        `oms provision --env ${environment} --region NAME   (each region has a quota of its own)`,
      ],
    }),
    link: `${LEARN}/event-hubs/event-hubs-quotas`,
  },
  {
    name: 'role not in force yet',
    pattern: /AuthorizationPermissionMismatch|ForbiddenByRbac|observe propagation time|PrincipalNotFound/,
    explain: ({ environment }) => ({
      message: 'a role that was just assigned does not count yet',
      why: 'Azure takes up to five, at worst thirty minutes to spread a new assignment to blobs and vaults',
      next: [`wait a few minutes, then: ${again(environment)}`],
    }),
    link: `${LEARN}/role-based-access-control/troubleshooting`,
  },
  {
    name: 'kept out by the firewall',
    pattern: /ForbiddenByFirewall|Client address is not authorized|AuthorizationFailure|PublicNetworkAccessDisabled/,
    explain: ({ text, environment }) => {
      const address = /Client address: ([\d.]+)/.exec(text)?.[1];
      return {
        message: 'this machine is not let in by the firewall of the account or vault',
        why: address ? `requests come from ${address}` : 'only the ranges that were allowed get through',
        next: [`oms provision --env ${environment} --allow-ip ${address ?? 'ADDRESS'}/32`],
      };
    },
    link: `${LEARN}/storage/common/storage-network-security`,
  },
  {
    name: 'not authorized',
    pattern:
      /AuthorizationFailed|does not have authorization to perform action|does not have permission to perform action/,
    explain: ({ text }) => {
      const action = /perform action '([^']+)'/.exec(text)?.[1];
      const scope = /over scope '([^']+)'/.exec(text)?.[1];
      return {
        message: action ? `this login may not do ${action}` : 'this login may not do that',
        why: scope ? `a role that allows it is missing on ${scope}` : 'a role that allows it is missing',
        next: [`have ${roleFor(action)}`, 'az account show   (whose login it is)'],
      };
    },
    link: `${LEARN}/role-based-access-control/troubleshooting`,
  },
  {
    name: 'throttled or too slow',
    pattern: /TooManyRequests|unexpected status 429|context deadline exceeded|operation timed out|ServerBusy/,
    explain: ({ environment }) => ({
      message: 'Azure did not answer in time',
      why: 'it is busy, or takes longer than the provider waits; what was begun may yet finish there',
      next: [`wait a few minutes, then: ${again(environment)}`],
    }),
  },
];
