import type { Cloud } from './cloud.ts';
import { namespaceNameFault } from './event-hubs.ts';
import { type Answer, failure, ok, type Route } from './http.ts';
import { SUBSCRIPTION_ID } from './identities.ts';
import { vaultNameFault } from './key-vault.ts';
import { accountNameFault } from './storage.ts';

/** How each service says that a name is bad or taken. */
const SERVICES = [
  { type: 'Microsoft.EventHub/namespaces', fault: namespaceNameFault, invalid: 'InvalidName', taken: 'NameInUse' },
  {
    type: 'Microsoft.Storage/storageAccounts',
    fault: accountNameFault,
    invalid: 'AccountNameInvalid',
    taken: 'AlreadyExists',
  },
  { type: 'Microsoft.KeyVault/vaults', fault: vaultNameFault, invalid: 'AccountNameInvalid', taken: 'AlreadyExists' },
] as const;

function isTaken(cloud: Cloud, type: string, name: string): boolean {
  const key = name.toLowerCase();
  const ours = Object.values(cloud.state.resources).some(
    (one) => one.type.toLowerCase() === type.toLowerCase() && one.name.toLowerCase() === key,
  );
  return ours || cloud.takenNames.has(key) || (type.endsWith('/vaults') && key in cloud.state.deletedVaults);
}

function check(cloud: Cloud, service: (typeof SERVICES)[number], name: unknown): Answer {
  if (typeof name !== 'string') return failure(400, 'BadRequest', 'The name is required.');
  const fault = service.fault(name);
  if (fault) return ok({ nameAvailable: false, reason: service.invalid, message: fault });
  if (isTaken(cloud, service.type, name)) {
    return ok({ nameAvailable: false, reason: service.taken, message: `The name '${name}' is already in use.` });
  }
  // Event Hubs says None, the others say nothing.
  return ok({ nameAvailable: true, ...(service.invalid === 'InvalidName' ? { reason: 'None', message: '' } : {}) });
}

/** Whether a name that is unique in the world is still free. */
export function nameRoutes(cloud: Cloud): Route[] {
  return SERVICES.map((service) => ({
    method: 'POST',
    path: `/subscriptions/${SUBSCRIPTION_ID}/providers/${service.type.split('/')[0]}/checkNameAvailability`,
    handle: ({ body }) => check(cloud, service, body.name),
  }));
}
