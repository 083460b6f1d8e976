import { AzureNamedKeyCredential } from '@azure/core-auth';

/** The credential of the suite's clients: the hub's key, in the place of a sign-in to Azure. */
export const createTestCredential = (): AzureNamedKeyCredential =>
  new AzureNamedKeyCredential(process.env.OMS_HUB_KEY_NAME!, process.env.OMS_HUB_KEY!);

/** For tests that never connect. */
export class NoOpCredential {
  async getToken(): Promise<{ token: string; expiresOnTimestamp: number }> {
    return { token: '', expiresOnTimestamp: Date.now() + 3_600_000 };
  }
}
