import type { AccessToken, TokenCredential } from '@azure/identity';

/** az starts slowly the first time on a machine; 9 s were seen. */
const AZ_TIMEOUT_MS = 60_000;

/** A token that ends within this is asked for anew. */
const SPARE_MS = 5 * 60_000;

type GetToken = TokenCredential['getToken'];

/**
 * Keeps a token per scope: every link of an event hub asks for one, and az takes a second or more for each.
 * What fails is not kept.
 */
export function keepTokens(credential: TokenCredential): TokenCredential {
  const tokens = new Map<string, Promise<AccessToken | null>>();
  const fresh = (key: string, ...args: Parameters<GetToken>) => {
    const asked = credential.getToken(...args);
    tokens.set(key, asked);
    asked.catch(() => tokens.get(key) === asked && tokens.delete(key));
    return asked;
  };
  return {
    async getToken(scopes, options) {
      // A challenge asks for another token than the one there is.
      if (options?.claims) return credential.getToken(scopes, options);
      const key = [scopes].flat().join(' ');
      const kept = tokens.get(key);
      const token = await (kept ?? fresh(key, scopes, options));
      if (kept === undefined || (token && token.expiresOnTimestamp - Date.now() > SPARE_MS)) return token;
      // Of many who find it too old one asks, and all have what it gets.
      return tokens.get(key) === kept ? fresh(key, scopes, options) : tokens.get(key)!;
    },
  };
}

/** Signs in as whoever is logged in with az, in that tenant. */
export async function azureCliCredential(tenantId: string): Promise<TokenCredential> {
  const { AzureCliCredential } = await import('@azure/identity');
  return keepTokens(new AzureCliCredential({ tenantId, processTimeoutInMs: AZ_TIMEOUT_MS }));
}
