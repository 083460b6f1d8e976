import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FAILURE_RULES, terraformFailure } from '../../../../../src/tools/terraform-failures/failure.ts';
import { parseStateLock } from '../../../../../src/tools/terraform-failures/lock.ts';
import type { Diagnostic, TerraformMessage } from '../../../../../src/tools/terraform-messages.ts';
import { terraformStream } from '../../../../helpers/fake-terraform.ts';

const RUN = { environment: 'demo' };
const CREATING = (what: string) =>
  `creating ${what} (Subscription: "00000000-0000-4000-8000-000000000000"\nResource Group Name: "rg-oms-demo"): performing CreateOrUpdate: unexpected status`;

const error = (summary: string, detail = ''): Diagnostic => ({ severity: 'error', summary, detail });

const streamed = (name: string): Diagnostic[] =>
  terraformStream(name)
    .trim()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as TerraformMessage).diagnostic ?? []);

interface Case {
  rule: string;
  diagnostics: Diagnostic[];
  code?: string;
  /** In message and why. */
  says: RegExp;
  next: RegExp;
}

/** Texts as Terraform 1.11, azurerm and Azure write them. */
const CASES: Case[] = [
  {
    rule: 'linked access check',
    diagnostics: streamed('apply-linked-access'),
    says: /^module\.namespace\.azurerm_eventhub\.main\["orders"\]: Capture may not write.*object id 00000000-0000-4000-8000-000000000001/s,
    next: /wait five minutes/,
  },
  {
    rule: 'state locked',
    diagnostics: streamed('plan-locked'),
    code: 'state_locked',
    says: /ops@edge-1 holds it for apply since 2026-11-21 08:59:01 UTC/,
    next: /oms provision --env demo --unlock 8f2b9a1e-3c4d-4e5f-8a9b-0c1d2e3f4a5b/,
  },
  {
    rule: 'state file unreadable',
    diagnostics: [
      error(
        'Error acquiring the state lock',
        'Error message: 2 problems:\n\n- Unsupported state file format: The state file could not be parsed as JSON: syntax error at byte offset 1.',
      ),
    ],
    says: /cannot be read/,
    next: /restore the last good version/,
  },
  {
    rule: 'no lock to take away',
    diagnostics: [error('Failed to unlock state: LocalState not locked')],
    says: /no lock to take away/,
    next: /run the command again/,
  },
  {
    rule: 'az missing',
    diagnostics: [
      error(
        'unable to build authorizer for Storage API: could not configure AzureCli Authorizer: could not parse Azure CLI version: launching Azure CLI: exec: "az": executable file not found in $PATH',
      ),
    ],
    code: 'tool_missing',
    says: /cannot find az/,
    next: /install-azure-cli/,
  },
  {
    rule: 'login expired',
    diagnostics: [
      error(
        'building account: could not acquire access token to parse claims: running Azure CLI: exit status 1: ERROR: AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2026-08-05T11:50:24Z and was inactive for 90.00:00:00.',
      ),
    ],
    code: 'login_missing',
    says: /Microsoft Entra answered AADSTS700082/,
    next: /^az login$/m,
  },
  {
    rule: 'login expired',
    diagnostics: [
      error(
        "unable to build authorizer for Resource Manager API: could not configure AzureCli Authorizer: tenant ID was not specified and the default tenant ID could not be determined: obtaining tenant ID: obtaining account details: running Azure CLI: exit status 1: ERROR: Please run 'az login' to setup account.",
      ),
    ],
    code: 'login_missing',
    says: /az could not give a token/,
    next: /^az login$/m,
  },
  {
    rule: 'locked archive',
    diagnostics: [
      error(
        'deleting Immutability Policy: unexpected status 409 (409 Conflict) with error: ContainerImmutabilityPolicyLocked: The requested operation is not allowed as the container has a locked immutability policy.',
      ),
    ],
    code: 'refused',
    says: /locked and cannot be deleted/,
    next: /oms destroy --env demo/,
  },
  {
    rule: 'archive cannot be prolonged',
    diagnostics: [
      error('`immutability_period_in_days` cannot be decreased once an immutability policy has been locked'),
    ],
    says: /wrong way round/,
    next: /immutability-policy extend/,
  },
  {
    rule: 'policy denial',
    diagnostics: [
      error(
        `${CREATING('Storage Account')} 403 (403 Forbidden) with error: RequestDisallowedByPolicy: Resource 'stomsdemoarchive' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Public network access should be disabled","id":"/providers/Microsoft.Management/managementGroups/corp/providers/Microsoft.Authorization/policyAssignments/Deny-Public"}}]'.`,
      ),
    ],
    says: /the policy assignment "Public network access should be disabled" denies it/,
    next: /exemption/,
  },
  {
    rule: 'soft-deleted vault',
    diagnostics: [
      error(
        'an existing soft-deleted Key Vault exists with the Name "kv-oms-demo" in the location "westeurope", however',
        'automatically recovering this KeyVault has been disabled via the "features" block.',
      ),
    ],
    says: /still kept: kv-oms-demo/,
    next: /az keyvault recover --name kv-oms-demo/,
  },
  {
    rule: 'soft-deleted secret',
    diagnostics: [
      error(
        'checking for presence of existing Secret: keyvault.BaseClient#SetSecret: StatusCode=409 -- Original Error: Code="Conflict" Message="Secret admin-token is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged." InnerError={"code":"ObjectIsDeletedButRecoverable"}',
      ),
    ],
    says: /still kept: admin-token/,
    next: /secret recover .* --name admin-token/,
  },
  {
    rule: 'exists outside the state',
    diagnostics: [
      error(
        'a resource with the ID "/subscriptions/0/resourceGroups/rg-oms-demo" already exists - to be managed via Terraform this resource needs to be imported into the State.',
      ),
    ],
    says: /not in the state/,
    next: /import ADDRESS \/subscriptions\/0\/resourceGroups\/rg-oms-demo/,
  },
  {
    rule: 'name taken',
    diagnostics: streamed('apply-partial-failure'),
    says: /^module\.archive\.azurerm_storage_account\.archive: the name is taken.*\(and 1 more error\)/,
    next: /another name of the environment/,
  },
  {
    rule: 'name taken',
    diagnostics: [
      error(
        `${CREATING('Namespace')} 400 (400 Bad Request) with error: BadRequest: The specified name is not available. For more information visit https://aka.ms/eventhubsarmexceptions.`,
      ),
    ],
    says: /name is taken/,
    next: /oms provision/,
  },
  {
    rule: 'provider not registered',
    diagnostics: [
      error(
        `${CREATING('Workspace')} 409 (409 Conflict) with error: MissingSubscriptionRegistration: The subscription is not registered to use namespace 'Microsoft.OperationalInsights'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
      ),
    ],
    says: /not registered for Microsoft\.OperationalInsights/,
    next: /az provider register --namespace Microsoft\.OperationalInsights --wait/,
  },
  {
    rule: 'subscription disabled',
    diagnostics: [
      error(
        `${CREATING('Resource Group')} 409 (409 Conflict) with error: ReadOnlyDisabledSubscription: The subscription '00000000-0000-4000-8000-000000000000' is disabled and therefore marked as read only.`,
      ),
    ],
    says: /subscription is disabled/,
    next: /az account list/,
  },
  {
    rule: 'not available in the region',
    diagnostics: [
      error(
        `${CREATING('Namespace')} 409 (409 Conflict) with error: SkuNotAvailable: The requested size for resource 'evhns-oms-demo' is currently not available in location 'westeurope' zones '' for subscription '0'.`,
      ),
    ],
    says: /region does not offer/,
    next: /--region NAME/,
  },
  {
    rule: 'not available in the region',
    diagnostics: [
      error(
        `${CREATING('Namespace')} 400 (400 Bad Request) with error: LocationNotAvailableForResourceType: The provided location 'moonbase' is not available for resource type 'Microsoft.EventHub/namespaces'.`,
      ),
    ],
    says: /region does not offer/,
    next: /list-locations/,
  },
  {
    rule: 'quota',
    diagnostics: [
      error(
        `${CREATING('Namespace')} 400 (400 Bad Request) with error: QuotaExceeded: Operation could not be completed as it results in exceeding approved throughput units quota.`,
      ),
    ],
    says: /quota of the subscription is used up/,
    next: /Usage \+ quotas/,
  },
  {
    rule: 'role not in force yet',
    diagnostics: [
      error(
        'checking for presence of existing Secret "admin-token": keyvault.BaseClient#GetSecret: StatusCode=403 -- Original Error: Code="Forbidden" Message="Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time." InnerError={"code":"ForbiddenByRbac"}',
      ),
    ],
    says: /does not count yet/,
    next: /wait a few minutes/,
  },
  {
    rule: 'role not in force yet',
    diagnostics: [
      error(
        'retrieving Container "archive": unexpected status 403 (403 This request is not authorized to perform this operation using this permission.) with AuthorizationPermissionMismatch: This request is not authorized to perform this operation using this permission.',
      ),
    ],
    says: /does not count yet/,
    next: /oms provision --env demo/,
  },
  {
    rule: 'kept out by the firewall',
    diagnostics: [
      error(
        'checking for presence of existing Secret: unexpected status 403 (403 Forbidden) with error: Forbidden: Client address is not authorized and caller is not a trusted service.\r\nClient address: 203.0.113.7\r\nCaller: appid=0;oid=1 InnerError={"code":"ForbiddenByFirewall"}',
      ),
    ],
    says: /not let in by the firewall.*203\.0\.113\.7/s,
    next: /--allow-ip 203\.0\.113\.7\/32/,
  },
  {
    rule: 'not authorized',
    diagnostics: [
      error(
        "authorization.RoleAssignmentsClient#Create: unexpected status 403 (403 Forbidden) with error: AuthorizationFailed: The client 'ops@example.com' with object id '1' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '/subscriptions/0/resourceGroups/rg-oms-demo' or the scope is invalid.",
      ),
    ],
    says: /may not do Microsoft\.Authorization\/roleAssignments\/write/,
    next: /Role Based Access Control Administrator/,
  },
  {
    rule: 'not authorized',
    diagnostics: [
      error(
        "performing CreateOrUpdateByScope: unexpected status 403 (403 Forbidden) with error: AuthorizationFailed: The client 'ops@example.com' with object id '1' does not have authorization to perform action 'Microsoft.Authorization/locks/write' over scope '/subscriptions/0/resourceGroups/rg-oms-demo' or the scope is invalid.",
      ),
    ],
    says: /may not do Microsoft\.Authorization\/locks\/write/,
    next: /Locks Contributor/,
  },
  {
    rule: 'locked provider versions',
    diagnostics: [
      error(
        'Failed to query available provider packages',
        'Could not retrieve the list of available versions for provider hashicorp/azurerm: locked provider registry.terraform.io/hashicorp/azurerm 5.2.0 does not match configured version constraint ~> 5.3; must use terraform init -upgrade to allow selection of new versions',
      ),
    ],
    says: /another version of a provider/,
    next: /rm \.oms\/demo\/terraform\/\.terraform\.lock\.hcl/,
  },
  {
    rule: 'provider download',
    diagnostics: [
      error(
        'Failed to query available provider packages',
        'Could not retrieve the list of available versions for provider hashicorp/azurerm: could not connect to registry.terraform.io: failed to request discovery document: Get "https://registry.terraform.io/.well-known/terraform.json": dial tcp: lookup registry.terraform.io: no such host',
      ),
    ],
    says: /cannot be downloaded/,
    next: /HTTPS_PROXY/,
  },
  {
    rule: 'state storage missing',
    diagnostics: [
      error(
        'Failed to get existing workspaces: containers.Client#ListBlobs: Failure responding to request: StatusCode=404 -- Original Error: autorest/azure: Service returned an error. Status=404 Code="ContainerNotFound" Message="The specified container does not exist."',
      ),
    ],
    code: 'not_provisioned',
    says: /storage for Terraform's state cannot be reached/,
    next: /oms provision --env demo/,
  },
  {
    rule: 'stale plan',
    diagnostics: [
      error(
        'Saved plan is stale',
        'The given plan file can no longer be applied because the state was changed by another operation after the plan was created.',
      ),
    ],
    says: /out of date/,
    next: /plans anew/,
  },
  {
    rule: 'throttled or too slow',
    diagnostics: [
      error(
        'creating Namespace (Namespace Name: "evhns-oms-demo"): polling after CreateOrUpdate: context deadline exceeded',
      ),
    ],
    says: /did not answer in time/,
    next: /wait a few minutes/,
  },
];

suite('what a failure is explained with', () => {
  for (const { rule, diagnostics, code = 'terraform_failed', says, next } of CASES) {
    test(`${rule}: ${diagnostics[0]!.summary.slice(0, 60).replaceAll('\n', ' ')}`, () => {
      const failure = terraformFailure(diagnostics, RUN);
      assert.equal(failure.code, code);
      assert.match(`${failure.message}\n${failure.why}`, says);
      assert.match(failure.next.join('\n'), next);
      assert.ok(failure.original?.includes(diagnostics[0]!.summary.split(/[\r\n]/)[0]!));
      const winner = FAILURE_RULES.find(({ pattern }) =>
        diagnostics.some(({ summary, detail }) => pattern.test(`${summary}\n${detail}`)),
      );
      assert.equal(winner?.name, rule);
    });
  }

  test('every rule has a case here', () => {
    const tried = new Set(CASES.map(({ rule }) => rule));
    assert.deepEqual(
      FAILURE_RULES.map(({ name }) => name).filter((name) => !tried.has(name)),
      [],
    );
  });

  test('what no rule knows keeps its own words', () => {
    const [, second] = streamed('apply-partial-failure');
    const failure = terraformFailure([second!], RUN);
    assert.equal(failure.message, 'module.vault.azurerm_key_vault.main: creating Key Vault: internal error');
    assert.equal(failure.why, 'The service is having a bad day.');
    assert.match(failure.next[0]!, /^oms provision --env demo/);
    assert.match(failure.original!, /Tracking id 42/);
  });

  test('warnings and echoes of other errors do not count', () => {
    const failure = terraformFailure(
      [
        { severity: 'warning', summary: 'deprecated' },
        error('execution halted'),
        error('boom'),
        error('execution halted'),
      ],
      RUN,
    );
    assert.equal(failure.message, 'boom');
    assert.equal(terraformFailure([error('execution halted')], RUN).message, 'execution halted');
  });

  test('saying nothing is a failure, too', () => {
    assert.match(terraformFailure([], RUN).message, /without saying why/);
  });

  test('nothing that a terminal would act on gets through', () => {
    const failure = terraformFailure([error('bad \u001b[2Jname\u202e', 'line\u0007 one\nline two')], RUN);
    const shown = `${failure.message}${failure.why}${failure.original}`;
    assert.doesNotMatch(shown.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
    assert.match(failure.original!, /line one\nline two/);
  });
});

suite("the lock's details", () => {
  test('as Terraform prints them', () => {
    const [diagnostic] = streamed('plan-locked');
    assert.deepEqual(parseStateLock(diagnostic!.detail!), {
      id: '8f2b9a1e-3c4d-4e5f-8a9b-0c1d2e3f4a5b',
      who: 'ops@edge-1',
      operation: 'apply',
      created: '2026-11-21 08:59:01 UTC',
    });
  });

  test('in part, or not at all', () => {
    assert.deepEqual(parseStateLock('Lock Info:\n  ID:        x\n  Operation: Migration\n'), {
      id: 'x',
      who: undefined,
      operation: 'Migration',
      created: undefined,
    });
    assert.equal(parseStateLock('state blob is already locked'), undefined);
  });
});
