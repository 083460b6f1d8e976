import type { TokenCredential } from '@azure/identity';
import { createAz } from './az.ts';
import type { Cloud } from './cloud.ts';

/** A credential per tenant, so that what asks for the same token shares it. */
function credentials() {
  const known = new Map<string, Promise<TokenCredential>>();
  return (tenantId: string): Promise<TokenCredential> => {
    const before = known.get(tenantId);
    if (before) return before;
    const made = import('./credential.ts').then(({ azureCliCredential }) => azureCliCredential(tenantId));
    known.set(tenantId, made);
    return made;
  };
}

/**
 * The real Azure, through az and the SDKs; the SDKs are imported when something is first asked of them.
 * @param signal ends what is under way, where a call is not given another
 */
export function createCloud(signal?: AbortSignal): Cloud {
  const az = createAz({ signal });
  const credentialOf = credentials();
  return {
    ...az,
    async management(subscriptionId, tenantId) {
      const [{ createManagement }, endpoints, credential] = await Promise.all([
        import('./management.ts'),
        az.endpoints(),
        credentialOf(tenantId),
      ]);
      return createManagement({ subscriptionId, endpoints, credential, signal });
    },
    async canary(tenantId) {
      const [{ createCanary }, credential] = await Promise.all([import('./canary.ts'), credentialOf(tenantId)]);
      return createCanary({ credential });
    },
  };
}
