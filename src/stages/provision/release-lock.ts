import type { Context } from '../../context.ts';
import { environmentPaths } from './environment.ts';
import { unlock } from './unlock.ts';

/** Takes a dead run's lock off the state of an environment. */
export async function releaseLock(
  environment: string,
  lockId: string,
  yes: boolean,
  context: Context,
): Promise<{ environment: string; unlocked: string }> {
  const paths = environmentPaths(context.settings.dir, environment);
  await unlock({ environment, paths, lockId, yes }, context);
  return { environment, unlocked: lockId };
}
