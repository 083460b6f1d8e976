import type { Context } from '../../context.ts';
import type { Environment } from './environment.ts';

/**
 * The environment with the units that Azure has raised it to: auto-inflate never lowers them again, and a plan that
 * asked for the former number would do so in the middle of the load they were raised for.
 */
export async function withInflatedUnits(environment: Environment, context: Context): Promise<Environment> {
  const { subscriptionId, tenantId, names, capacity } = environment;
  if (capacity.maximumUnits === 0) return environment;
  const management = await context.cloud.management(subscriptionId, tenantId);
  const found = await management.namespace(names.resourceGroup, names.namespace);
  const units = Math.min(found?.units ?? 0, capacity.maximumUnits);
  return units > capacity.units ? { ...environment, capacity: { ...capacity, units } } : environment;
}
