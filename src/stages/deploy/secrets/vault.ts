import { Type } from 'typebox';
import { AzFailed } from '../../../adapters/azure/cloud.ts';
import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { vaultSecret } from '../../../tools/az-vault.ts';
import { azureError, isMissing } from '../../provision/azure-error.ts';
import type { Site } from '../site.ts';
import { readProvisioned } from '../site-events.ts';

const Answer = Type.Object({ value: Type.String() });

/**
 * Secrets of the key vault that `oms provision` has made for this environment, by their name there; what the vault does
 * not have is left out. Nothing is asked for a site without Azure.
 * @throws {OmsError} login_missing, tool_missing or azure_failed where the vault cannot be read
 */
export async function readVault(
  site: Site,
  names: readonly string[],
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  if (site.events.kind !== 'azure') return new Map();
  const provisioned = await readProvisioned(site.name, context);
  const vault = provisioned?.outputs.key_vault;
  const wanted = [...new Set(names)].filter((name) => vault?.secrets.includes(name));
  const found = await Promise.all(
    wanted.map(async (name) => [name, await readOne(vault!.name, name, context)] as const),
  );
  return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function readOne(vault: string, name: string, { cloud, signal }: Context): Promise<string | undefined> {
  try {
    return (await cloud.az(vaultSecret(vault, name), Answer, signal)).value;
  } catch (error) {
    const isGone = error instanceof AzFailed && error.code === 'SecretNotFound';
    if (isGone || isMissing(error)) return undefined;
    const told = azureError(error, `the secret ${name} of the vault ${vault}`, {
      next: ['oms provision --allow-ip ADDRESS lets this machine reach the vault'],
    });
    if (!(told instanceof OmsError)) throw told;
    throw new OmsError(told.code, `${told.message}, and the secrets of this site are in the vault ${vault}`, {
      ...(told.why && { why: told.why }),
      next: told.next,
      cause: error,
    });
  }
}
