import { AzFailed } from '../../adapters/azure/cloud.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { AZ } from '../../tools/az.ts';
import { isDenied, isNotFound, needsLogin } from '../../tools/az-errors.ts';

/** Whether an error is az saying that something is not there. */
export const isMissing = (error: unknown): boolean => error instanceof AzFailed && isNotFound(error.code);

/** Whether an error is az saying that the caller may not. */
export const isRefusedAccess = (error: unknown): boolean => error instanceof AzFailed && isDenied(error.code);

/** How to sign in to a tenant. */
export const loginCall = (tenantId?: string) => (tenantId ? `az login --tenant ${tenantId}` : 'az login');

/**
 * What a failed call of az means to the person at the terminal.
 * @param doing what was being done, as a noun: "the resource group of the state".
 */
export function azureError(
  error: unknown,
  doing: string,
  details: { tenantId?: string; next?: readonly string[] } = {},
): unknown {
  if (!(error instanceof AzFailed)) return error;
  const { tenantId, next = [] } = details;
  const why = messageOf(error);
  if (error.code === 'AzMissing') return new OmsError('tool_missing', why, { next: [AZ.hint], cause: error });
  if (needsLogin(error.code)) {
    return new OmsError('login_missing', 'the login of az is not valid', {
      why,
      next: [loginCall(tenantId)],
      cause: error,
    });
  }
  const rights = isDenied(error.code) ? ['Ask an owner of the subscription for the rights in docs/provision.md.'] : [];
  return new OmsError('azure_failed', `${doing}: ${error.code ?? 'az failed'}`, {
    why,
    next: [...next, ...rights],
    cause: error,
  });
}

/** Runs a piece of work, and says what its failure in Azure means. @throws {OmsError} */
export async function explained<T>(doing: string, work: () => Promise<T>, next: readonly string[] = []): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw azureError(error, doing, { next });
  }
}
