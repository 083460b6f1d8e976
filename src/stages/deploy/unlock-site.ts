import type { Context } from '../../context.ts';
import { unlockHosts } from './host-lock.ts';
import { knownSite } from './saved-site.ts';

/**
 * Takes away the locks that a run has left on the servers of a site, once a person has said so.
 * @returns names of the servers that were locked.
 * @throws {OmsError} not_deployed; refused without a yes; host_unreachable.
 */
export async function unlockSite(
  { env, yes, why }: { env: string; yes: boolean; why?: string | undefined },
  context: Context,
): Promise<{ unlocked: string[] }> {
  const site = await knownSite(env, context);
  const unlocked = await unlockHosts(site, { yes, why }, context);
  context.terminal.print(unlocked.length === 0 ? 'No server was locked.' : `Unlocked: ${unlocked.join(', ')}.`);
  return { unlocked };
}
