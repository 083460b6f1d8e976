import { join } from 'node:path';
import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { type Site, sitePaths } from '../site.ts';
import { BASE_SECRETS, type BaseName, type BaseSecret } from './base-secrets.ts';
import { readSecretFile } from './provide-base.ts';
import { readVault } from './vault.ts';

/**
 * One base secret as a deployment has used it: the vault's, or the file's. Nothing is made.
 * @throws {OmsError} credential_missing where neither has it; login_missing, tool_missing or azure_failed of the vault.
 */
export async function knownSecret(site: Site, name: BaseName, context: Context): Promise<string> {
  const file = join(sitePaths(context.settings.dir, site.name).secrets, name);
  const { vault }: BaseSecret = BASE_SECRETS[name];
  const found = vault && (await readVault(site, [vault], context)).get(vault);
  const value = found || (await readSecretFile(file));
  if (value) return value;
  throw new OmsError('credential_missing', `missing: ${name} of ${site.name}`, {
    why: `there is no ${file}`,
    next: ['take the whole folder along from where the site was deployed', `oms deploy --env ${site.name}`],
  });
}
