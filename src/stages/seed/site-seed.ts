import { MigrationError, readSchemaState } from '../../../lib/database/migrate.ts';
import { OmsError } from '../../errors.ts';
import type { Site } from '../deploy/site.ts';
import type { SeedRequest } from './options.ts';

/**
 * A site that takes real money gets nothing invented.
 * @throws {OmsError} refused
 */
export function refuseInventedGoods(request: SeedRequest, { name, payments }: Site): void {
  const invents = !request.catalogueFile || Boolean(request.orders) || Boolean(request.customers);
  if (payments === 'sandbox' || !invents) return;
  throw new OmsError('refused', `nothing is invented in ${name}: it takes real money`, {
    why: 'customers would buy products that nobody has, beside orders that nobody has made',
    next: [`oms seed --env ${name} --catalogue FILE.csv`],
  });
}

/**
 * A site's schema is moved by `oms deploy` alone, which knows what still runs there; here it is only looked at.
 * @throws {OmsError} database_schema where it is not this version's
 */
export async function requireSiteSchema(url: string, environment: string): Promise<void> {
  const refuse = (why: string) =>
    new OmsError('database_schema', `the database of ${environment} is not of this version of oms`, {
      why,
      next: [`oms deploy --env ${environment}`, 'or use the version of oms that it was last deployed with'],
    });
  const { pending } = await readSchemaState(url).catch((error: unknown) => {
    throw error instanceof MigrationError ? refuse(error.message) : error;
  });
  if (pending.expand.length > 0) throw refuse(`it lacks ${pending.expand.join(', ')}`);
}
