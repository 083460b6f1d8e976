import type { Environment } from '../environment.ts';
import { type Check, type CheckInput, ok, type Verdict, warning } from './check.ts';
import type { Provider } from './facts.ts';

const ALWAYS = [
  'Microsoft.EventHub',
  'Microsoft.Storage',
  'Microsoft.KeyVault',
  'Microsoft.Insights',
  'Microsoft.OperationalInsights',
  'Microsoft.ManagedIdentity',
  'Microsoft.Consumption',
];

/** The resource providers an environment is made with. */
export const neededProviders = (environment: Environment): readonly string[] =>
  environment.privateEndpointSubnetId ? [...ALWAYS, 'Microsoft.Network'] : ALWAYS;

/** Which of them a subscription has not registered; Azure writes some of their names in small letters. */
export function unregistered(
  environment: Environment,
  providers: readonly Pick<Provider, 'namespace' | 'state'>[],
): string[] {
  const registered = new Set(
    providers.filter(({ state }) => state === 'Registered').map(({ namespace }) => namespace.toLowerCase()),
  );
  return neededProviders(environment).filter((namespace) => !registered.has(namespace.toLowerCase()));
}

async function run({ facts, environment, options }: CheckInput): Promise<Verdict> {
  const missing = unregistered(environment, await facts.providers());
  if (missing.length === 0) return ok(`all ${neededProviders(environment).length} are registered`);
  const names = missing.join(', ');
  if (!options.planOnly) return ok(`${names}: registered before anything is made`);
  return warning(
    `not registered: ${names}`,
    'oms provision registers them; so does az provider register --namespace NAME',
  );
}

export const PROVIDER_CHECKS: readonly Check[] = [{ name: 'resource providers', needs: ['subscription'], run }];
