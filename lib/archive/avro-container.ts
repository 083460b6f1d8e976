import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { ArchiveFileError } from './archive-error.ts';
import type { ByteSource } from './byte-source.ts';

/*
 * An Avro object container file (Avro 1.11 specification, "Object Container Files"):
 *
 *   file   = magic header block*
 *   magic  = "Obj" 0x01
 *   header = map<bytes> with avro.schema and avro.codec, sync marker of 16 bytes
 *   block  = long count, long length, `length` bytes of `count` records through the codec, the sync marker
 *
 * It is read here, and not by a library's decoder, because a file that ends within a block has to be an error.
 */

const MAGIC = Buffer.from('Obj\x01');
const SYNC_BYTES = 16;
/** The schema of any event is far smaller; a header larger than this is no header. */
const MAX_HEADER_BYTES = 1_048_576;
/** What a damaged length can ask for at most; an event has 1 MiB, on dedicated clusters 20 MiB. */
const MAX_BLOCK_BYTES = 64 * 1_048_576;

const inflate = promisify(inflateRaw);

const CODECS: Record<string, (data: Buffer) => Promise<Buffer>> = {
  null: async (data) => data,
  deflate: (data) => inflate(data, { maxOutputLength: MAX_BLOCK_BYTES }),
};

export interface ContainerHeader {
  /** Schema the records were written with, as JSON. */
  schema: unknown;
  codec: string;
  sync: Buffer;
}

/** Records that were written together, decompressed. */
export interface ContainerBlock {
  count: number;
  data: Buffer;
  /** Where the block begins in the file. */
  position: number;
}

async function takeSized(source: ByteSource, what: string, limit: number): Promise<Buffer> {
  const length = await source.takeLong(`the length of ${what}`);
  if (length < 0 || length > limit) {
    throw new ArchiveFileError(
      `${what} at byte ${source.position} claims ${length} bytes, at most ${limit} are possible`,
    );
  }
  return source.take(length, what);
}

async function takeMetadata(source: ByteSource): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  for (;;) {
    const count = await source.takeLong('the header');
    if (count === 0) return entries;
    // A negative count is followed by the size of that part of the map.
    if (count < 0) await source.takeLong('the header');
    for (let left = Math.abs(count); left > 0; left--) {
      if (source.position > MAX_HEADER_BYTES) throw new ArchiveFileError('the header has no end');
      const key = await takeSized(source, 'the header', MAX_HEADER_BYTES);
      entries.set(key.toString(), Buffer.from(await takeSized(source, 'the header', MAX_HEADER_BYTES)));
    }
  }
}

function parseSchema(text: Buffer | undefined): unknown {
  if (!text) throw new ArchiveFileError('the header names no schema');
  try {
    return JSON.parse(text.toString());
  } catch (error) {
    throw new ArchiveFileError(`the schema in the header is no JSON: ${(error as Error).message}`);
  }
}

/** @throws {ArchiveFileError} when it is no Avro container file, or one of an unknown codec */
export async function readHeader(source: ByteSource): Promise<ContainerHeader> {
  const magic = await source.take(MAGIC.length, 'the header');
  if (!magic.equals(MAGIC)) throw new ArchiveFileError('this is no Avro container file: it does not begin with "Obj"');
  const metadata = await takeMetadata(source);
  const codec = metadata.get('avro.codec')?.toString() ?? 'null';
  if (!Object.hasOwn(CODECS, codec)) {
    throw new ArchiveFileError(`codec "${codec}" is not known, only ${Object.keys(CODECS).join(' and ')} are`);
  }
  const sync = Buffer.from(await source.take(SYNC_BYTES, 'the header'));
  return { schema: parseSchema(metadata.get('avro.schema')), codec, sync };
}

async function decompress(data: Buffer, codec: string, position: number): Promise<Buffer> {
  try {
    return await CODECS[codec]!(data);
  } catch (error) {
    throw new ArchiveFileError(`the block at byte ${position} cannot be decompressed: ${(error as Error).message}`);
  }
}

/** @throws {ArchiveFileError} when the file is cut off or damaged; the blocks before were given out */
export async function* readBlocks(
  source: ByteSource,
  { codec, sync }: ContainerHeader,
): AsyncGenerator<ContainerBlock> {
  while (!(await source.atEnd())) {
    const { position } = source;
    const count = await source.takeLong('a block');
    if (count < 0) throw new ArchiveFileError(`the block at byte ${position} claims ${count} records`);
    const data = await takeSized(source, 'a block', MAX_BLOCK_BYTES);
    if (!(await source.take(SYNC_BYTES, 'a block')).equals(sync)) {
      throw new ArchiveFileError(`the block at byte ${position} is damaged: its sync marker is not the file's`);
    }
    yield { count, data: await decompress(data, codec, position), position };
  }
}
