import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { type Environment, type EnvironmentPaths, environmentPaths } from './environment.ts';
import { readEnvironment } from './saved-environment.ts';

/**
 * An environment that was provisioned, or begun, from this folder.
 * @throws {OmsError} not_provisioned where nothing is known of it; input_file where what is known is damaged.
 */
export async function knownEnvironment(
  name: string,
  context: Pick<Context, 'settings'>,
): Promise<{ environment: Environment; paths: EnvironmentPaths }> {
  const { dir } = context.settings;
  const environment = await readEnvironment(dir, name);
  if (environment) return { environment, paths: environmentPaths(dir, name) };
  throw new OmsError('not_provisioned', `nothing is known of an environment ${name}`, {
    why: `there is no ${environmentPaths(dir, name).environment}`,
    next: [`oms provision --env ${name}`, 'call it where it was provisioned, or with OMS_DIR set to its folder'],
  });
}
