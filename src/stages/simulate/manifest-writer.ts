import { createWriteStream, type WriteStream } from 'node:fs';
import { messageOf, OmsError } from '../../errors.ts';
import type { ManifestEntry } from '../runs/manifest.ts';

const FLUSH_BYTES = 64 * 1_024;
const FLUSH_MS = 250;

/** Writes the manifest as the run goes, whole lines at a time; what is closed has reached the disk. */
export class ManifestWriter {
  private readonly file: string;
  private readonly stream: WriteStream;
  private readonly timer: NodeJS.Timeout;
  private pending = '';
  private failure: Error | undefined;

  /** @param onFailure called at most once, when the file can no longer be written */
  constructor(file: string, onFailure: (error: OmsError) => void) {
    this.file = file;
    this.stream = createWriteStream(file, { flags: 'wx', flush: true });
    this.timer = setInterval(() => this.flush(), FLUSH_MS).unref();
    this.stream.on('error', (error) => {
      this.failure = error;
      onFailure(this.describe(error));
    });
  }

  add(entry: ManifestEntry): void {
    this.pending += `${JSON.stringify(entry)}\n`;
    if (this.pending.length >= FLUSH_BYTES) this.flush();
  }

  /** @throws {OmsError} `disk` when not everything could be written */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.flush();
    if (!this.failure) {
      const closed = Promise.withResolvers<void>();
      this.stream.once('close', () => closed.resolve());
      this.stream.end();
      await closed.promise;
    }
    if (this.failure) throw this.describe(this.failure);
  }

  private flush(): void {
    if (this.pending && !this.failure) this.stream.write(this.pending);
    this.pending = '';
  }

  private describe(error: Error): OmsError {
    return new OmsError('disk', `cannot write the manifest ${this.file}`, {
      why: messageOf(error),
      next: ['Make room on the disk, then run the simulation again.'],
      cause: error,
    });
  }
}
