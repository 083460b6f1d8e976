import { hash } from 'node:crypto';
import { BlobServiceClient, type ContainerClient, type RestError } from '@azure/storage-blob';

/** A document as it lies in blob storage. */
export interface StoredBlob {
  bytes: number;
  /** SHA-256 in hexadecimal. */
  sha256: string;
}

/** The rows of documents are the longer memory: here an outage is only bridged, not sat out. */
const OPTIONS = {
  retryOptions: { maxTries: 2, tryTimeoutInMs: 10_000, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 },
};

const describe = (content: Buffer): StoredBlob => ({ bytes: content.length, sha256: hash('sha256', content, 'hex') });

/**
 * @param account connection string, or the address of an account that the process's own identity may write to
 */
export async function openBlobService(account: string): Promise<BlobServiceClient> {
  if (!/^https?:\/\//.test(account)) return BlobServiceClient.fromConnectionString(account, OPTIONS);
  // Only where it is needed: it costs a third of a second to load.
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new BlobServiceClient(account, new DefaultAzureCredential(), OPTIONS);
}

/** Keeps documents, each once: what is there under a name is never replaced. */
export class BlobStore {
  readonly #service: BlobServiceClient;
  readonly #containers = new Map<string, Promise<ContainerClient>>();

  constructor(service: BlobServiceClient) {
    this.#service = service;
  }

  /**
   * Stores a document unless one is there under that name, as when the last process ended before it could say so.
   * @returns what is there now
   * @throws {RestError} when the storage does not take it
   */
  async put(container: string, name: string, content: Buffer, signal: AbortSignal): Promise<StoredBlob> {
    const blob = (await this.#container(container)).getBlockBlobClient(name);
    try {
      await blob.upload(content, content.length, {
        conditions: { ifNoneMatch: '*' },
        blobHTTPHeaders: { blobContentType: 'application/pdf' },
        abortSignal: signal,
      });
      return describe(content);
    } catch (error) {
      if ((error as RestError).statusCode !== 409) throw error;
      return describe(await blob.downloadToBuffer(0, undefined, { abortSignal: signal }));
    }
  }

  /** Whether the storage answers. */
  async check(): Promise<void> {
    await this.#service.getContainerClient('invoices').exists();
  }

  #container(name: string): Promise<ContainerClient> {
    const known = this.#containers.get(name);
    if (known) return known;
    const client = this.#service.getContainerClient(name);
    const made = client.createIfNotExists().then(() => client);
    this.#containers.set(name, made);
    // Tried again with the next document.
    made.catch(() => this.#containers.delete(name));
    return made;
  }
}
