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

/** The real Azure, through az and the SDKs; the SDKs are imported when something is first asked of them. */
export function createCloud(): Cloud {
  const az = createAz();
  const credentialOf = credentials();
  return {
    ...az,
    async management(subscriptionId, tenantId) {
      const [{ createManagement }, endpoints, credential] = await Promise.all([
        import('./management.ts'),
        az.endpoints(),
        credentialOf(tenantId),
      ]);
      return createManagement({ subscriptionId, endpoints, credential });
    },
    async canary(tenantId) {
      const [{ createCanary }, credential] = await Promise.all([import('./canary.ts'), credentialOf(tenantId)]);
      return createCanary({ credential });
    },
  };
}
