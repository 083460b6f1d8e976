import { AzFailed } from '../../../adapters/azure/cloud.ts';
import { messageOf } from '../../../errors.ts';
import { needsLogin } from '../../../tools/az-errors.ts';
import { loginCall } from '../azure-error.ts';
import { type Check, type CheckInput, failed, ok, type Verdict, warning } from './check.ts';

const LIST = 'az account list --output table';

/** States of a subscription in which things can be made, in Azure's words; the other two still work, for now. */
const ENABLED = 'Enabled';
const WORKING = ['Warned', 'PastDue'];

async function login({ facts, environment }: CheckInput): Promise<Verdict> {
  try {
    const { userName, userType } = await facts.account();
    return ok(`${userName} (${userType === 'User' ? 'a person' : 'a service principal'})`);
  } catch (error) {
    if (!(error instanceof AzFailed)) throw error;
    const login = loginCall(environment.tenantId);
    if (needsLogin(error.code)) return failed(`the login of az is not valid: ${error.message}`, login);
    if (error.code === 'SubscriptionNotFound') {
      return failed(`the login of az does not reach the subscription ${environment.subscriptionId}`, LIST, login);
    }
    return failed(messageOf(error), 'az account show');
  }
}

async function subscription({ facts, environment }: CheckInput): Promise<Verdict> {
  try {
    const { subscriptionId, displayName, state } = await facts.subscription();
    if (subscriptionId.toLowerCase() !== environment.subscriptionId.toLowerCase()) {
      return failed(`Azure answers for the subscription ${subscriptionId}, not ${environment.subscriptionId}`, LIST);
    }
    if (state === ENABLED) return ok(displayName);
    if (WORKING.includes(state)) return warning(`"${displayName}" is ${state}: Azure is about to switch it off`);
    return failed(
      `"${displayName}" is ${state}: nothing can be made in it`,
      'Enable it in the portal, or --subscription ID',
    );
  } catch (error) {
    if (!(error instanceof AzFailed)) throw error;
    if (needsLogin(error.code))
      return failed(`Azure refuses the login: ${error.message}`, loginCall(environment.tenantId));
    return failed(`the subscription cannot be read: ${error.message}`, LIST);
  }
}

async function tenant({ facts, environment }: CheckInput): Promise<Verdict> {
  const { tenantId } = await facts.account();
  if (tenantId.toLowerCase() === environment.tenantId.toLowerCase()) return ok(tenantId);
  return failed(
    `the subscription belongs to the tenant ${tenantId}, the environment to ${environment.tenantId}`,
    loginCall(environment.tenantId),
  );
}

/** Who is at work, and where. */
export const ACCOUNT_CHECKS: readonly Check[] = [
  { name: 'login', needs: ['az'], run: login },
  { name: 'subscription', needs: ['login'], run: subscription },
  { name: 'tenant', needs: ['login'], run: tenant },
];
