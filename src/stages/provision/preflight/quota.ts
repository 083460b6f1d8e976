import { type Check, type CheckInput, failed, ok, type Verdict, warning } from './check.ts';
import { NAMESPACES } from './facts.ts';

/** Namespaces a subscription may hold (azure-docs, event-hubs-quotas; editions before 2021 said 100). */
const NAMESPACE_LIMIT = 1_000;

async function namespaces({ facts, environment }: CheckInput): Promise<Verdict> {
  const all = (await facts.resources()).filter(({ type }) => type.toLowerCase() === NAMESPACES.toLowerCase());
  const wanted = environment.secondaryRegion ? 2 : 1;
  const own = all.filter(({ id }) => id.toLowerCase().includes(`/resourcegroups/${environment.names.resourceGroup}/`));
  const after = all.length + Math.max(0, wanted - own.length);
  if (after <= NAMESPACE_LIMIT) return ok(`${all.length} of ${NAMESPACE_LIMIT} in the subscription`);
  return warning(`the subscription holds ${all.length} namespaces, ${NAMESPACE_LIMIT} is its documented limit`);
}

/** Of the archive, the files and, at most, the state. */
const ACCOUNTS = 3;

async function accounts({ facts, environment: { names, state } }: CheckInput): Promise<Verdict> {
  const wanted = [names.archiveAccount, names.filesAccount, ...(state.kind === 'azure' ? [state.account] : [])];
  const there = new Set((await facts.resources()).map(({ name }) => name.toLowerCase()));
  const missing = wanted.filter((name) => !there.has(name.toLowerCase())).length;
  if (missing === 0) return ok('nothing is added');
  const { currentValue, limit } = await facts.storageUsage();
  const detail = `${currentValue} of ${limit} in the region`;
  if (currentValue + missing <= limit) return currentValue + ACCOUNTS < limit ? ok(detail) : warning(detail);
  return failed(
    `${missing} more are needed and ${detail} are there`,
    'Ask for a higher quota in the portal (Quotas, Storage).',
  );
}

/** Limits az can tell. */
export const QUOTA_CHECKS: readonly Check[] = [
  { name: 'namespace quota', needs: ['subscription'], run: namespaces },
  { name: 'storage account quota', needs: ['region'], run: accounts },
];
