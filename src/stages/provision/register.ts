import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { providerList, providerRegister } from '../../tools/az.ts';
import { explained } from './azure-error.ts';
import type { Environment } from './environment.ts';
import { type Patience, poll } from './poll.ts';
import { unregistered } from './preflight/providers.ts';

/** Azure takes one to a few minutes for each, all at once. */
const PATIENCE: Patience = { deadlineMs: 10 * 60_000, everyMs: 5_000 };

const States = Type.Array(Type.Object({ namespace: Type.String(), state: Type.String() }));

export interface RegisterOptions {
  patience?: Patience;
  /** Told what is waited for. */
  report?: (detail: string) => void;
}

/**
 * Registers the resource providers an environment needs and waits until all of them are.
 * @returns those that were not registered before.
 * @throws {OmsError} azure_failed where it may not, or when Azure takes too long.
 */
export async function registerProviders(
  environment: Environment,
  context: Context,
  { patience = PATIENCE, report = () => {} }: RegisterOptions = {},
): Promise<string[]> {
  const { cloud, signal } = context;
  const { subscriptionId } = environment;
  const doing = 'the resource providers could not be registered';
  const look = async () => unregistered(environment, await cloud.az(providerList(subscriptionId, []), States, signal));

  return explained(doing, async () => {
    const missing = await look();
    if (missing.length === 0) return [];
    const register = (namespace: string) =>
      cloud.az(providerRegister(subscriptionId, namespace), Type.Unknown(), signal);
    await Promise.all(missing.map(register));
    report(missing.join(', '));
    const registered = await poll(
      async () => {
        const left = await look();
        if (left.length === 0) return missing;
        report(`waiting for ${left.join(', ')}`);
        return undefined;
      },
      patience,
      signal,
    );
    if (registered) return registered;
    throw new OmsError('azure_failed', doing, {
      why: `after ${patience.deadlineMs / 60_000} minutes Azure is still at it`,
      next: [`az provider list --subscription ${subscriptionId} --output table`, 'Run oms provision again.'],
    });
  });
}
