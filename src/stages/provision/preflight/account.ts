import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { AzFailed, type CloudEndpoints } from '../../../adapters/azure/cloud.ts';
import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { accessToken, accountShow } from '../../../tools/az.ts';
import { LOGIN_REQUIRED } from '../../../tools/az-errors.ts';
import { azureError } from '../azure-error.ts';

/** Who is signed in, and where. */
export interface Account {
  subscriptionId: string;
  subscriptionName: string;
  tenantId: string;
  /** Of the caller in Entra ID; what roles are assigned to. */
  objectId: string;
  userName: string;
  /** As role assignments name it. */
  userType: 'User' | 'ServicePrincipal';
}

const Shown = Type.Object({
  id: Type.String(),
  name: Type.String(),
  tenantId: Type.String(),
  state: Type.String(),
  user: Type.Object({ name: Type.String(), type: Type.String() }),
});

const Token = Type.Object({ accessToken: Type.String({ minLength: 1 }) });

const claims = Compile(Type.Object({ oid: Type.String({ minLength: 1 }) }));

/**
 * The caller's object id, out of the token's claims: Microsoft Graph would need rights that a service principal seldom
 * has. The token itself goes nowhere.
 */
function objectIdOf(token: string): string {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (claims.Check(payload)) return payload.oid;
  } catch {
    // Told below, without the token.
  }
  throw new AzFailed('the token of az does not say who it is for', LOGIN_REQUIRED, 0);
}

/**
 * The account az is signed in with, proven by a fresh token, and the endpoints of its cloud.
 * @param subscription id or name; without it, the one az is set to.
 * @throws {AzFailed}
 */
export async function askForAccount(
  context: Context,
  subscription?: string,
): Promise<{ account: Account; endpoints: CloudEndpoints }> {
  const { cloud, signal } = context;
  const [shown, token, endpoints] = await Promise.all([
    cloud.az(accountShow(subscription), Shown, signal),
    cloud.az(accessToken(subscription), Token, signal),
    cloud.endpoints(),
  ]);
  const account: Account = {
    subscriptionId: shown.id,
    subscriptionName: shown.name,
    tenantId: shown.tenantId,
    objectId: objectIdOf(token.accessToken),
    userName: shown.user.name,
    userType: shown.user.type === 'user' ? 'User' : 'ServicePrincipal',
  };
  return { account, endpoints };
}

/**
 * The account az is signed in with; what an environment's subscription and tenant default to.
 * @throws {OmsError} tool_missing without az, login_missing without a valid login, azure_failed for all else.
 */
export async function readAccount(context: Context, subscription?: string): Promise<Account> {
  try {
    return (await askForAccount(context, subscription)).account;
  } catch (error) {
    if (error instanceof AzFailed && error.code === 'SubscriptionNotFound') {
      throw new OmsError('azure_failed', `the login of az does not reach the subscription ${subscription}`, {
        why: error.message,
        next: ['az account list --output table', 'az login'],
        cause: error,
      });
    }
    throw azureError(error, 'the account of az');
  }
}
