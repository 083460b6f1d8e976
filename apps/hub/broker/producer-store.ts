import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { messageAnnotations } from '../amqp/message.ts';
import { ProducerKey } from '../amqp/producer-key.ts';
import { type ProducerStamp, stampOf } from '../amqp/producer-stamp.ts';
import { DamagedLogError } from '../storage/errors.ts';
import { syncFolder } from '../storage/folders.ts';
import { placeOfOffset, readBatches } from '../storage/locate.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import { RECORD_HEADER_BYTES, type RecordBatch } from '../storage/record-batch.ts';

/** What is remembered of an idempotent producer: its last batch, or only where it starts while it has sent none. */
export const ProducerState = Type.Object({
  id: Type.Integer({ minimum: 0 }),
  epoch: Type.Integer({ minimum: 0 }),
  /** Of the last batch; null while there is none in this epoch. */
  first: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  last: Type.Integer({ minimum: 0 }),
});
export type ProducerState = Static<typeof ProducerState>;

/** `through`: offset up to which the log's batches are counted in. */
const ProducerFile = Type.Object({
  format: Type.Literal(1),
  through: Type.Integer({ minimum: 0 }),
  producers: Type.Array(ProducerState),
});
const producerFile = Compile(ProducerFile);

/** Keeps what is known of a partition's producers: in a file beside its log, and in the log's events behind that. */
export class ProducerStore {
  readonly #folder: string;
  readonly #path: string;
  readonly #log: PartitionLog;

  constructor(folder: string, log: PartitionLog) {
    this.#folder = folder;
    this.#path = join(folder, 'producers.json');
    this.#log = log;
  }

  /** Whether an idempotent producer ever attached. */
  get used(): boolean {
    return existsSync(this.#path);
  }

  get endOffset(): number {
    return this.#log.segments.at(-1)!.endOffset;
  }

  /** @throws {DamagedLogError} when the file or the log behind it cannot be read */
  async load(): Promise<{ through: number; producers: ProducerState[] }> {
    if (!this.used) return { through: this.endOffset, producers: [] };
    const { through, producers } = this.#read();
    const byId = new Map(producers.map((producer) => [producer.id, producer]));
    await this.#replay(through, (stamp) => {
      const { id, epoch, first, last } = stamp;
      if ((byId.get(id)?.epoch ?? 0) <= epoch) byId.set(id, { id, epoch, first, last });
    });
    return { through, producers: [...byId.values()] };
  }

  #read(): Static<typeof ProducerFile> {
    try {
      const value: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      if (producerFile.Check(value)) return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new DamagedLogError(
      `${this.#path} is damaged; restore it, or remove it and let idempotent producers start with new ids`,
    );
  }

  async #replay(through: number, onBatch: (stamp: ProducerStamp) => void): Promise<void> {
    const { segments } = this.#log;
    for (let place = await placeOfOffset(segments, through); ; ) {
      const { batches, next } = await readBatches(segments, place);
      if (batches.length === 0) return;
      for (const batch of batches) if (batch.baseOffset >= through) stampsOf(batch).forEach(onBatch);
      place = next;
    }
  }

  /** Replaces the file by a whole new one, durably. */
  async save(producers: readonly ProducerState[]): Promise<number> {
    const through = this.endOffset;
    const temporary = `${this.#path}.new`;
    const file = await open(temporary, 'w', 0o640);
    try {
      await file.writeFile(JSON.stringify({ format: 1, through, producers }));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
    syncFolder(this.#folder);
    return through;
  }
}

/** The producers of a stored batch. One has at most one batch of its own in it: the next waits until that is durable. */
function stampsOf({ buffer, starts }: RecordBatch): Map<number, ProducerStamp> {
  const found = new Map<number, ProducerStamp>();
  if (!buffer.includes(ProducerKey.sequence, 0, 'latin1')) return found;
  for (const start of starts) {
    const from = start + RECORD_HEADER_BYTES;
    const message = buffer.subarray(from, from + buffer.readUInt32BE(start));
    const stamp = stampOf(messageAnnotations(message));
    if (stamp === null) continue;
    const before = found.get(stamp.id);
    if (before === undefined) found.set(stamp.id, stamp);
    else before.last = stamp.last;
  }
  return found;
}
