import type { BlockBlobClient, ContainerClient, RestError } from '@azure/storage-blob';

/** A file of the archive that is being written; nothing of it can be seen before it is closed. */
export interface ArchiveFile {
  /** Sends a part; the last one with {@link close}. */
  write(part: Buffer): Promise<void>;
  /** Puts the file in place, all of it at once, over one of the same name. */
  close(last: Buffer): Promise<void>;
}

/** Where captured files go. */
export interface ArchiveContainer {
  open(name: string, signal: AbortSignal): ArchiveFile;
}

/** Who captures tries again for ever, with a longer and longer pause; here a hiccup is bridged. */
const OPTIONS = {
  retryOptions: { maxTries: 2, tryTimeoutInMs: 30_000, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 },
};
const HEADERS = { blobHTTPHeaders: { blobContentType: 'avro/binary' } };

/** Block ids of one blob have one length. */
const blockId = (number: number): string => Buffer.from(String(number).padStart(6, '0')).toString('base64');

/**
 * @param storage connection string of a storage account, or its address with a shared access signature
 * @throws {Error} when it is neither
 */
export async function openArchiveContainer(storage: string, container: string): Promise<ArchiveContainer> {
  // Loaded when something is captured: it takes a tenth of a second and a few megabytes.
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const service = /^https?:\/\//.test(storage)
    ? new BlobServiceClient(storage, undefined, OPTIONS)
    : BlobServiceClient.fromConnectionString(storage, OPTIONS);
  const client = service.getContainerClient(container);
  return { open: (name, signal) => new BlobFile(client, name, signal) };
}

class BlobFile implements ArchiveFile {
  readonly #container: ContainerClient;
  readonly #blob: BlockBlobClient;
  readonly #signal: AbortSignal;
  readonly #blocks: string[] = [];

  constructor(container: ContainerClient, name: string, signal: AbortSignal) {
    this.#container = container;
    this.#blob = container.getBlockBlobClient(name);
    this.#signal = signal;
  }

  async write(part: Buffer): Promise<void> {
    const id = blockId(this.#blocks.length);
    await this.#inContainer(() => this.#blob.stageBlock(id, part, part.length, { abortSignal: this.#signal }));
    this.#blocks.push(id);
  }

  async close(last: Buffer): Promise<void> {
    const options = { ...HEADERS, abortSignal: this.#signal };
    if (this.#blocks.length === 0) {
      await this.#inContainer(() => this.#blob.upload(last, last.length, options));
      return;
    }
    await this.write(last);
    await this.#blob.commitBlockList(this.#blocks, options);
  }

  /** Does it again with a container made where there was none. */
  async #inContainer(send: () => Promise<unknown>): Promise<void> {
    try {
      await send();
    } catch (error) {
      if ((error as RestError).code !== 'ContainerNotFound') throw error;
      await this.#container.createIfNotExists({ abortSignal: this.#signal });
      await send();
    }
  }
}
