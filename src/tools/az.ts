import type { VersionedTool } from './tool.ts';

/** Environment of every call of az: no telemetry, no colour, and nothing installed behind one's back. */
export const AZ_ENVIRONMENT = {
  AZURE_CORE_COLLECT_TELEMETRY: '0',
  AZURE_CORE_NO_COLOR: '1',
  AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no',
} as const;

/** Azure's own command line: signs in, and does what has to be done before Terraform can. */
export const AZ: VersionedTool = {
  name: 'az',
  purpose: 'signs in to Azure and prepares a subscription',
  neededBy: ['oms provision', 'oms destroy'],
  minimum: '2.45.0',
  required: false,
  hint: 'https://learn.microsoft.com/cli/azure/install-azure-cli',
  command: 'az',
  versionArguments: ['version', '--output', 'json'],
  versionEnvironment: AZ_ENVIRONMENT,
  // Its first start after an installation compiles thousands of Python files.
  versionDeadlineMs: 30_000,
};

/** Added to every call: one JSON document on stdout, and only errors on stderr. */
export const AZ_COMMON = ['--only-show-errors', '--output', 'json'] as const;

/** Verbs of the calls that make or change something; all others, `az rest` among them, only ask. */
const CHANGING = ['create', 'update', 'register', 'reset', 'delete'];

/** The words of a call that tell which it is, "az storage account create"; values stay out of it. */
export function nameOfCall(args: readonly string[]): string {
  const end = args.findIndex((word) => word.startsWith('-'));
  return ['az', ...(end < 0 ? args : args.slice(0, end))].join(' ');
}

/** Whether a call makes or changes something, which may take long. */
export const isChange = (args: readonly string[]): boolean => CHANGING.includes(nameOfCall(args).split(' ').at(-1)!);

const at = (subscription: string | undefined) => (subscription ? ['--subscription', subscription] : []);

/** The account az is set to, as it was when somebody signed in; asks nobody. */
export const accountShow = (subscription?: string) => ['account', 'show', ...at(subscription)];

/** A token for Azure Resource Manager: the only call that proves that the login still works. */
export const accessToken = (subscription?: string) => ['account', 'get-access-token', ...at(subscription)];

export const cloudShow = () => ['cloud', 'show', '--query', '{name: name, resourceManager: endpoints.resourceManager}'];

/**
 * A read of Azure Resource Manager.
 * @param path begins with /subscriptions/...; az puts the endpoint of its cloud before it. A whole address will do too.
 */
export const armGet = (path: string, parameters: Readonly<Record<string, string>> = {}) => {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return ['rest', '--method', 'get', '--url', path, ...(pairs.length ? ['--url-parameters', ...pairs] : [])];
};

const armSend = (method: 'post' | 'put', path: string, apiVersion: string, body: unknown) => [
  ...['rest', '--method', method, '--url', path],
  ...['--url-parameters', `api-version=${apiVersion}`, '--body', JSON.stringify(body)],
];

/** An action of Azure Resource Manager that takes and gives JSON. */
export const armPost = (path: string, apiVersion: string, body: unknown) => armSend('post', path, apiVersion, body);

/** Makes a resource, or finds it as it is to be. */
export const armPut = (path: string, apiVersion: string, body: unknown) => armSend('put', path, apiVersion, body);

/** States of all providers, and where the named resource types are offered. */
export const providerList = (subscription: string, types: readonly string[]) => {
  if (types.length === 0) {
    return ['provider', 'list', ...at(subscription), '--query', '[].{namespace: namespace, state: registrationState}'];
  }
  const wanted = types.map((type) => `resourceType=='${type}'`).join(' || ');
  const offered = `resourceTypes[?${wanted}].{type: resourceType, locations: locations}`;
  const query = `[].{namespace: namespace, state: registrationState, types: ${offered}}`;
  return ['provider', 'list', ...at(subscription), '--query', query];
};

export const providerRegister = (subscription: string, namespace: string) => [
  'provider',
  'register',
  '--namespace',
  namespace,
  ...at(subscription),
];

export const storageUsage = (subscription: string, location: string) => [
  'storage',
  'account',
  'show-usage',
  '--location',
  location,
  ...at(subscription),
];

export const deletedVaults = (subscription: string) => [
  'keyvault',
  'list-deleted',
  '--resource-type',
  'vault',
  ...at(subscription),
];
