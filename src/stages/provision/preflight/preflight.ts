import { AzFailed, type CloudEndpoints } from '../../../adapters/azure/cloud.ts';
import type { Context } from '../../../context.ts';
import { type ErrorCode, OmsError } from '../../../errors.ts';
import { needsLogin } from '../../../tools/az-errors.ts';
import { loginCall } from '../azure-error.ts';
import type { Environment } from '../environment.ts';
import type { Account } from './account.ts';
import { ACCOUNT_CHECKS } from './account-checks.ts';
import { CERTIFICATE_CHECKS } from './certificate-check.ts';
import { type Check, type CheckInput, failed, type PreflightOptions, type Verdict, warning } from './check.ts';
import { gatherFacts } from './facts.ts';
import { NAME_CHECKS } from './names.ts';
import { PLACE_CHECKS } from './places.ts';
import { PROVIDER_CHECKS } from './providers.ts';
import { QUOTA_CHECKS } from './quota.ts';
import { RIGHTS_CHECKS } from './rights.ts';
import { TOOL_CHECKS } from './tools.ts';

/** In the order in which they are shown. */
export const CHECKS: readonly Check[] = [
  ...TOOL_CHECKS,
  ...ACCOUNT_CHECKS,
  ...PROVIDER_CHECKS,
  ...RIGHTS_CHECKS,
  ...PLACE_CHECKS,
  ...NAME_CHECKS,
  ...QUOTA_CHECKS,
  ...CERTIFICATE_CHECKS,
];

export interface PreflightRow extends Verdict {
  name: string;
}

export interface PreflightReport {
  rows: PreflightRow[];
  /** Whether nothing failed. */
  ok: boolean;
  /** Null where nobody could be asked. */
  account: Account | null;
  endpoints: CloudEndpoints | null;
}

/** A question that Azure did not answer is no reason to stop: what is not so fails later, and says why. */
function unanswered(error: unknown, { environment }: CheckInput): Verdict {
  if (error instanceof AzFailed) {
    if (needsLogin(error.code))
      return failed(`Azure refuses the login: ${error.message}`, loginCall(environment.tenantId));
    return warning(`cannot be told: ${error.message}`);
  }
  if (error instanceof OmsError) {
    const told = [error.message, ...(error.why ? [error.why] : [])].join(': ');
    return error.code === 'login_missing' ? failed(told, ...error.next) : warning(`cannot be told: ${told}`);
  }
  throw error;
}

/** Runs checks at once, each as soon as what it needs is known to be well. */
function runChecks(checks: readonly Check[], input: CheckInput): Promise<PreflightRow[]> {
  const verdicts = new Map<string, Promise<Verdict>>();
  async function judge(check: Check): Promise<Verdict> {
    for (const need of check.needs) {
      const { state } = (await verdicts.get(need)) ?? { state: 'ok' };
      if (state === 'failed' || state === 'skipped') {
        return { state: 'skipped', detail: `not looked at because of "${need}"`, next: [] };
      }
    }
    return check.run(input).catch((error: unknown) => unanswered(error, input));
  }
  for (const check of checks) verdicts.set(check.name, judge(check));
  return Promise.all(checks.map(async (check) => ({ name: check.name, ...(await verdicts.get(check.name)!) })));
}

/**
 * Looks at everything that has to be true before anything is made, and changes nothing. What is wrong is in the rows;
 * only an interruption is thrown.
 */
export async function preflight(
  environment: Environment,
  context: Context,
  options: PreflightOptions = {},
): Promise<PreflightReport> {
  const facts = gatherFacts(environment, context);
  const input: CheckInput = { environment, context, options, facts };
  const checks = CHECKS.filter(({ applies }) => applies?.(input) ?? true);
  const rows = await runChecks(checks, input);
  context.signal.throwIfAborted();
  const known = rows.some(({ name, state }) => name === 'login' && state === 'ok');
  return {
    rows,
    ok: rows.every(({ state }) => state === 'ok' || state === 'warning'),
    account: known ? await facts.account() : null,
    endpoints: known ? await facts.endpoints() : null,
  };
}

/** What is missing when these are the first to fail; all else is wrong in the environment. */
const MISSING: Readonly<Record<string, ErrorCode>> = {
  terraform: 'tool_missing',
  az: 'tool_missing',
  login: 'login_missing',
};

/**
 * The failure that ends a run whose preflight did not pass: tools and login are missing (exit 4), all else is exit 5.
 */
export function preflightError(report: PreflightReport): OmsError {
  const bad = report.rows.filter(({ state }) => state === 'failed');
  const code = MISSING[bad[0]?.name ?? ''] ?? 'preflight_failed';
  const count = bad.length === 1 ? 'one thing is' : `${bad.length} things are`;
  return new OmsError(code, `${count} not as provisioning needs them`, {
    why: bad.map(({ name, detail }) => `${name}: ${detail}`).join('; '),
    next: [...new Set(bad.flatMap(({ next }) => next))],
  });
}
