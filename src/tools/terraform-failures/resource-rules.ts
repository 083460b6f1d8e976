import { again, type FailureRule, LEARN } from './rule.ts';

/** What one resource meets: the archive, a name, something that is there already. */
export const RESOURCE_RULES: readonly FailureRule[] = [
  {
    name: 'linked access check',
    pattern: /Linked access check failed|LinkedAuthorizationFailed/,
    explain: ({ text, environment }) => {
      const id = /object id ([0-9a-f-]{36})/.exec(text)?.[1];
      return {
        message: 'Capture may not write to the archive yet: the linked access check failed',
        why: `whoever deploys${id ? ` (object id ${id})` : ''} needs write access to the blobs of the archive account, and a role that has just been assigned takes up to five minutes to count`,
        next: [
          `wait five minutes, then: ${again(environment)}`,
          'if it stays so: have Storage Blob Data Owner assigned to you on the archive account',
        ],
      };
    },
    link: `${LEARN}/event-hubs/event-hubs-capture-overview`,
  },
  {
    name: 'locked archive',
    pattern:
      /ContainerImmutabilityPolicyLocked|locked immutability policy|Operation not allowed on immutability policy with current state|AccountProtectedFromDeletion/,
    code: 'refused',
    explain: ({ environment }) => ({
      message: 'the archive is locked and cannot be deleted',
      why: 'a locked retention policy stays for ever, and its files until the last one is ten years old',
      next: [`oms destroy --env ${environment}   (takes the archive out of the plan and says what stays)`],
    }),
    link: `${LEARN}/storage/blobs/immutable-storage-overview`,
  },
  {
    name: 'archive cannot be prolonged',
    pattern: /immutability_period_in_days`? cannot be decreased/,
    explain: () => ({
      message: 'the provider refuses to prolong a locked retention',
      why: 'its check is the wrong way round: it takes a longer time for a shorter one',
      next: [
        'az storage container immutability-policy extend --account-name ACCOUNT --container-name archive --period DAYS --if-match ETAG',
        'leave the number of days in oms as it was',
      ],
    }),
    link: 'https://github.com/hashicorp/terraform-provider-azurerm/issues/28660',
  },
  {
    name: 'soft-deleted vault',
    pattern:
      /existing soft-deleted Key Vault exists with the Name "([^"]+)"|vault .*already exists in deleted state|VaultAlreadySoftDeleted/i,
    explain: ({ found }) => ({
      message: `a deleted key vault of this name is still kept${found[1] ? `: ${found[1]}` : ''}`,
      why: 'a deleted vault keeps its name until its retention has passed',
      next: [
        `az keyvault recover --name ${found[1] ?? 'NAME'}   (and go on using it)`,
        `az keyvault purge --name ${found[1] ?? 'NAME'}   (gone for good; purge protection forbids it)`,
      ],
    }),
    link: `${LEARN}/key-vault/general/key-vault-recovery`,
  },
  {
    name: 'soft-deleted secret',
    pattern: /ObjectIsDeletedButRecoverable|in a deleted but recoverable state/,
    explain: ({ text, environment }) => {
      const name = /(?:Secret|Key) ([\w-]+) is currently/.exec(text)?.[1];
      return {
        message: `a deleted secret of this name is still kept${name ? `: ${name}` : ''}`,
        why: 'a vault keeps deleted secrets until their retention has passed',
        next: [`az keyvault secret recover --vault-name VAULT --name ${name ?? 'NAME'}`, `then: ${again(environment)}`],
      };
    },
    link: `${LEARN}/key-vault/general/key-vault-recovery`,
  },
  {
    name: 'exists outside the state',
    pattern: /with the ID "([^"]+)" already exists - to be managed via Terraform/,
    explain: ({ found, environment }) => ({
      message: 'it is there already, but not in the state of this environment',
      why: `${found[1]} was made by hand, by another tool, or by a run whose state was lost`,
      next: [
        `terraform -chdir=.oms/${environment}/terraform import ADDRESS ${found[1]}`,
        'or remove it in Azure when nothing needs it, then try again',
      ],
    }),
  },
  {
    name: 'name taken',
    pattern:
      /StorageAccountAlreadyTaken|is already taken|specified name is not available|VaultAlreadyExists|vault name '?[\w-]+'? is already in use|NamespaceUnavailable|please use a different name/,
    explain: ({ environment }) => ({
      message: 'the name is taken: it has to be unique in all of Azure',
      why: 'somebody has it, or it was freed a short while ago and is still held back',
      next: [`oms provision --env ${environment}2   (another name of the environment makes other names)`],
    }),
    link: `${LEARN}/azure-resource-manager/management/resource-name-rules`,
  },
];
