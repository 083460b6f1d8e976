import type { VersionedTool } from './tool.ts';

/** What plans and applies the cloud half. 1.11 is the first with write-only arguments, which keep secrets out of state. */
export const TERRAFORM: VersionedTool = {
  name: 'terraform',
  purpose: 'plans and applies the cloud resources',
  neededBy: ['oms provision', 'oms destroy'],
  minimum: '1.11.0',
  required: false,
  hint: 'https://developer.hashicorp.com/terraform/install',
  command: 'terraform',
  versionArguments: ['version'],
  // Without it the program asks its maker whether there is a newer one.
  versionEnvironment: { CHECKPOINT_DISABLE: '1' },
  versionDeadlineMs: 10_000,
};

/** Major version of the machine-readable UI that is understood; 1.x has been it since Terraform 1.0. */
export const UI_MAJOR = '1';

export type PlanMode = 'normal' | 'destroy' | 'refresh-only';

const QUESTIONLESS = ['-input=false', '-json'];

/**
 * A lock file that is there is obeyed and not written to: the providers of an environment change only on purpose. A
 * backend that differs from the last one, such as that of a plan made before the state had its place, is taken as it is:
 * no state is ever carried from one to the other.
 */
export const initArguments = (locked: boolean): string[] => [
  'init',
  ...QUESTIONLESS,
  '-reconfigure',
  ...(locked ? ['-lockfile=readonly'] : []),
];

export const planArguments = (
  planFile: string,
  mode: PlanMode = 'normal',
  targets: readonly string[] = [],
): string[] => [
  'plan',
  ...QUESTIONLESS,
  '-detailed-exitcode',
  ...(mode === 'normal' ? [] : [`-${mode}`]),
  ...targets.map((address) => `-target=${address}`),
  `-out=${planFile}`,
];

/** Exit code of `plan -detailed-exitcode` when there is something to do. */
export const PLAN_HAS_CHANGES = 2;

/** A saved plan is applied without a question, and nothing else than what was shown. */
export const applyArguments = (planFile: string): string[] => ['apply', ...QUESTIONLESS, planFile];

export const showPlanArguments = (planFile: string): string[] => ['show', '-json', planFile];

export const outputArguments = (): string[] => ['output', '-json'];

export const listArguments = (): string[] => ['state', 'list'];

export const forgetArguments = (address: string): string[] => ['state', 'rm', address];

export const unlockArguments = (lockId: string): string[] => ['force-unlock', '-force', lockId];

/**
 * Variables of the caller's shell that must not reach in: they would add arguments (TF_CLI_ARGS_init=-upgrade), move
 * the working data or the workspace, or name other values than the ones that were shown. Those of the azurerm provider
 * would have it sign in as somebody else than az, whose rights were looked at. TF_LOG prints requests with their headers,
 * so it passes only where details were asked for.
 */
export function isWithheld(name: string, debug: boolean): boolean {
  if (name.startsWith('TF_LOG')) return !debug;
  return (
    /^TF_(?:CLI_ARGS|VAR_|WORKSPACE$|DATA_DIR$|INPUT$|IN_AUTOMATION$)/.test(name) ||
    /^ARM_(?:CLIENT_|OIDC_|MSI_|USE_|TENANT_ID$|SUBSCRIPTION_ID$|ACCESS_KEY$|SAS_TOKEN$)/.test(name)
  );
}

/** What Terraform is told through its environment; secrets go this way and no other. */
export function terraformEnvironment(options: {
  version: string;
  correlationId: string;
  secrets?: Readonly<Record<string, string>> | undefined;
}): Record<string, string> {
  return {
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    ARM_CORRELATION_REQUEST_ID: options.correlationId,
    TF_APPEND_USER_AGENT: `oms/${options.version}`,
    ...(options.secrets && { TF_VAR_secrets: JSON.stringify(options.secrets) }),
  };
}
