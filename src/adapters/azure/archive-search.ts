import { Readable } from 'node:stream';
import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import { ArchiveFileError } from '../../../lib/archive/archive-error.ts';
import { type CapturedEvent, readCaptureFile } from '../../../lib/archive/capture-file.ts';
import { type CaptureNames, captureFileName } from '../../../lib/archive/capture-name.ts';
import { OmsError } from '../../errors.ts';

/** What is looked for, and where. */
export interface Wanted {
  namespace: string;
  hub: string;
  partition: string;
  sequenceNumber: number;
  /** Files that were finished before cannot have it. */
  since: Date;
  matches: (event: CapturedEvent) => boolean;
}

/** Clocks of two of Azure's services may differ by this much. */
const CLOCK_SKEW_MS = 2 * 60_000;

const DAY_MS = 86_400_000;

/** A partition has one new file a minute at most; more than these is not what is looked through. */
const MAX_FILES = 50;

/**
 * The days that the name of a file may say: a window that was open when the event came is named by its beginning. The
 * clock of this machine is not asked, for it may be wrong.
 */
const daysAround = (since: Date): Date[] => [-1, 0, 1].map((days) => new Date(since.getTime() + days * DAY_MS));

/** Looks through the new files of one partition, each of them once, however often it is asked. */
export class ArchiveSearch {
  readonly #container: ContainerClient;
  readonly #names: CaptureNames;
  readonly #wanted: Wanted;
  readonly #seen = new Set<string>();

  constructor(container: ContainerClient, nameFormat: string | undefined, wanted: Wanted) {
    this.#container = container;
    this.#names = captureFileName(nameFormat);
    this.#wanted = wanted;
  }

  /** How many files were looked through so far. */
  get filesRead(): number {
    return this.#seen.size;
  }

  /**
   * Looks once, the newest file first.
   * @returns the name of the file that has it
   * @throws {OmsError} azure_failed when a file of Capture cannot be read as one; what the SDK throws otherwise
   */
  async look(signal: AbortSignal): Promise<string | undefined> {
    for (const { name } of await this.#newFiles(signal)) {
      if (await this.#has(name, signal)) return name;
      this.#seen.add(name);
    }
    return undefined;
  }

  async #newFiles(signal: AbortSignal): Promise<BlobItem[]> {
    const { namespace, hub, partition, since } = this.#wanted;
    const prefixes = new Set(daysAround(since).map((day) => this.#names.prefix({ namespace, hub, partition }, day)));
    const found: BlobItem[] = [];
    for (const prefix of prefixes) {
      for await (const blob of this.#container.listBlobsFlat({ prefix, abortSignal: signal })) {
        if (this.#mayHaveIt(blob)) found.push(blob);
      }
    }
    const modified = ({ properties }: BlobItem) => properties.lastModified.getTime();
    return found.sort((a, b) => modified(b) - modified(a)).slice(0, MAX_FILES);
  }

  #mayHaveIt({ name, properties }: BlobItem): boolean {
    const { hub, partition, since } = this.#wanted;
    if (this.#seen.has(name)) return false;
    if (properties.lastModified.getTime() < since.getTime() - CLOCK_SKEW_MS) return false;
    const parsed = this.#names.parse(name);
    return parsed?.hub === hub && parsed.partition === partition;
  }

  /** Reads no further than to the place where the event would be. */
  async #has(name: string, signal: AbortSignal): Promise<boolean> {
    const { sequenceNumber, matches } = this.#wanted;
    const { readableStreamBody } = await this.#container
      .getBlobClient(name)
      .download(0, undefined, { abortSignal: signal });
    if (!readableStreamBody) return false;
    const stream = Readable.from(readableStreamBody as AsyncIterable<Uint8Array>);
    try {
      for await (const event of readCaptureFile(stream)) {
        if (event.sequenceNumber >= sequenceNumber) return event.sequenceNumber === sequenceNumber && matches(event);
      }
      return false;
    } catch (error) {
      throw error instanceof ArchiveFileError ? unreadable(name, error) : error;
    } finally {
      stream.destroy();
    }
  }
}

const unreadable = (name: string, cause: ArchiveFileError) =>
  new OmsError('azure_failed', `${name} in the archive cannot be read`, {
    why: cause.message,
    next: ['download the file and open it with another Avro reader; if it is damaged, ask Azure support'],
    cause,
  });
