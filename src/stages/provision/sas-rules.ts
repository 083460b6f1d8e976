import type { Context } from '../../context.ts';
import type { Environment } from './environment.ts';
import { HUBS } from './topology.ts';

/**
 * One rule to send and one to listen for each hub, where Entra ID is out of reach (`--sas-fallback`). Their keys are
 * not read: whoever may have them takes them from Azure.
 * @returns the hubs that have their rules now; none where shared access keys are off
 */
export async function ensureSasRules(environment: Environment, context: Context): Promise<string[]> {
  if (!environment.sasFallback) return [];
  const { subscriptionId, tenantId, names } = environment;
  const management = await context.cloud.management(subscriptionId, tenantId);
  const done: string[] = [];
  for (const { name } of HUBS) {
    context.signal.throwIfAborted();
    await management.ensureHubRules(names.resourceGroup, names.namespace, name);
    done.push(name);
  }
  return done;
}
