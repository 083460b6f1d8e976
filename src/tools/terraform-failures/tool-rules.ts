import { parseStateLock } from './lock.ts';
import { again, type Explanation, type FailureFacts, type FailureRule } from './rule.ts';

function explainLock({ text, environment }: FailureFacts): Explanation {
  const lock = parseStateLock(text);
  if (!lock) {
    return {
      message: 'the state is locked by somebody else',
      why: 'Terraform keeps others out while it changes something, and did not say who it is',
      next: ['wait until the other run is done, then try again'],
    };
  }
  const { id, who = 'somebody', operation = 'a run', created } = lock;
  return {
    message: 'the state is locked by another run',
    why: `${who} holds it for ${operation}${created ? ` since ${created}` : ''} (lock ${id})`,
    next: [
      'wait until that run is done, then try again',
      `oms provision --env ${environment} --unlock ${id}   (only when that run is dead)`,
    ],
  };
}

/** Terraform itself: its state, its login, its providers. */
export const TOOL_RULES: readonly FailureRule[] = [
  {
    name: 'state file unreadable',
    pattern: /Unsupported state file format|state snapshot was created by Terraform/,
    explain: () => ({
      message: "Terraform's state cannot be read",
      why: 'it is damaged, or a newer Terraform wrote it',
      next: [
        'restore the last good version: the state container keeps versions, a local state has terraform.tfstate.backup beside it',
        'oms doctor   (says which Terraform this is)',
      ],
    }),
    link: 'https://developer.hashicorp.com/terraform/language/state/backends',
  },
  {
    name: 'state locked',
    pattern: /Error acquiring the state lock|state blob is already locked/,
    code: 'state_locked',
    explain: explainLock,
    link: 'https://developer.hashicorp.com/terraform/language/state/locking',
  },
  {
    name: 'no lock to take away',
    pattern: /LocalState not locked/,
    explain: () => ({
      message: 'the state has no lock to take away',
      why: 'the lock of a local state ends with the Terraform that took it',
      next: ['run the command again that reported the lock'],
    }),
  },
  {
    name: 'az missing',
    pattern: /launching Azure CLI: exec: "az(?:\.exe)?": executable file not found/,
    code: 'tool_missing',
    explain: () => ({
      message: 'Terraform cannot find az, which it signs in with',
      why: 'the program az is not on the search path',
      next: ['https://learn.microsoft.com/cli/azure/install-azure-cli', 'oms doctor'],
    }),
  },
  {
    name: 'login expired',
    pattern:
      /AADSTS\d{5,}|[Pp]lease run:? ['"`]?az login|az login['"`]? to setup account|ExpiredAuthenticationToken|InvalidAuthenticationToken|refresh token has expired|could not configure AzureCli Authorizer/,
    code: 'login_missing',
    explain: ({ found, environment }) => ({
      message: 'the login of az is missing or has expired',
      why: found[0].startsWith('AADSTS') ? `Microsoft Entra answered ${found[0]}` : 'az could not give a token',
      next: ['az login', again(environment)],
    }),
    link: 'https://learn.microsoft.com/cli/azure/authenticate-azure-cli',
  },
  {
    name: 'locked provider versions',
    pattern:
      /locked provider \S+ (\S+) does not match configured version constraint|Provider dependency changes detected/,
    explain: ({ environment }) => ({
      message: 'this oms wants another version of a provider than the environment was made with',
      why: 'the versions in use are written down in .terraform.lock.hcl and kept on purpose',
      next: [
        `rm .oms/${environment}/terraform/.terraform.lock.hcl   (takes the new versions)`,
        `oms provision --env ${environment} --plan-only   (shows what that changes)`,
      ],
    }),
    link: 'https://developer.hashicorp.com/terraform/language/files/dependency-lock',
  },
  {
    name: 'provider download',
    pattern:
      /Failed to (?:query available provider packages|install provider)|could not connect to registry\.terraform\.io/,
    explain: () => ({
      message: 'a provider cannot be downloaded',
      why: 'registry.terraform.io or releases.hashicorp.com cannot be reached from here',
      next: [
        'set HTTPS_PROXY when there is a proxy, then try again',
        'or keep a mirror: terraform providers mirror DIR on a machine that can, and provider_installation in ~/.terraformrc here',
      ],
    }),
    link: 'https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation',
  },
  {
    name: 'state storage missing',
    pattern:
      /ContainerNotFound|specified container does not exist|Failed to get existing workspaces|retrieving Storage Account .*(?:not found|404)|lookup \S+\.blob\.core\.\S+: no such host/s,
    code: 'not_provisioned',
    explain: ({ environment }) => ({
      message: "the storage for Terraform's state cannot be reached",
      why: 'its account or container was removed, has another name, or does not let this login in',
      next: [
        `oms provision --env ${environment}   (makes it when it is missing)`,
        'az storage account list --output table',
      ],
    }),
    link: 'https://developer.hashicorp.com/terraform/language/backend/azurerm',
  },
  {
    name: 'stale plan',
    pattern: /Saved plan is stale|plan file can no longer be applied/,
    explain: ({ environment }) => ({
      message: 'the plan is out of date',
      why: 'somebody has changed the environment since it was made',
      next: [`oms provision --env ${environment}   (plans anew and shows what changes)`],
    }),
  },
];
