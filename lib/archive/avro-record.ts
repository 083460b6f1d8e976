import { ArchiveFileError } from './archive-error.ts';

/** A place in the bytes of a block. Reading beyond its end is an error: a damaged count must not be counted to. */
export class Cursor {
  offset = 0;
  readonly #data: Buffer;

  constructor(data: Buffer) {
    this.#data = data;
  }

  get atEnd(): boolean {
    return this.offset === this.#data.length;
  }

  bytes(length: number | bigint): Buffer {
    const from = this.offset;
    if (typeof length === 'bigint' || length < 0 || from + length > this.#data.length) {
      throw new ArchiveFileError('a record ends outside of its block');
    }
    this.offset += length;
    return this.#data.subarray(from, this.offset);
  }

  /** Zigzag, seven bits a byte, the lowest first; a bigint where a number would not be exact. */
  long(): number | bigint {
    let value = 0n;
    let low = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const [byte] = this.bytes(1) as unknown as [number];
      if (shift < 28) low |= (byte & 0x7f) << shift;
      else value |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte < 0x80) return shift < 28 ? (low >>> 1) ^ -(low & 1) : exact(value | BigInt(low));
    }
    throw new ArchiveFileError('a record holds a number that is none');
  }
}

function exact(zigzag: bigint): number | bigint {
  const value = BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Takes one value of its type. */
export type ReadValue = (cursor: Cursor) => unknown;

const text: ReadValue = (cursor) => cursor.bytes(cursor.long()).toString();

const PRIMITIVES: Record<string, ReadValue> = {
  null: () => null,
  boolean: (cursor) => cursor.bytes(1)[0] === 1,
  int: (cursor) => cursor.long(),
  long: (cursor) => cursor.long(),
  float: (cursor) => cursor.bytes(4).readFloatLE(),
  double: (cursor) => cursor.bytes(8).readDoubleLE(),
  bytes: (cursor) => cursor.bytes(cursor.long()),
  string: text,
};

function unionReader(branches: readonly ReadValue[]): ReadValue {
  return (cursor) => {
    const branch = branches[Number(cursor.long())];
    if (!branch) throw new ArchiveFileError('a record holds a value of no type');
    return branch(cursor);
  };
}

function mapReader(value: ReadValue): ReadValue {
  return (cursor) => {
    const entries: [string, unknown][] = [];
    for (let count = Number(cursor.long()); count !== 0; count = Number(cursor.long())) {
      // A negative count is followed by the size of that part of the map.
      if (count < 0) cursor.long();
      for (let left = Math.abs(count); left > 0; left--) entries.push([text(cursor) as string, value(cursor)]);
    }
    return Object.fromEntries(entries);
  };
}

/**
 * A reader for values of a schema made of records, maps, unions and primitive types, which is all that Capture uses.
 * @throws {ArchiveFileError} for any other type
 */
export function readerOf(schema: unknown): ReadValue {
  if (Array.isArray(schema)) return unionReader(schema.map(readerOf));
  if (typeof schema === 'string' && Object.hasOwn(PRIMITIVES, schema)) return PRIMITIVES[schema]!;
  const { type, values, fields } = (schema ?? {}) as { type?: unknown; values?: unknown; fields?: unknown };
  if (type === 'map') return mapReader(readerOf(values));
  if (type === 'record' && Array.isArray(fields)) return recordReader(fields);
  if (typeof type === 'string' && Object.hasOwn(PRIMITIVES, type)) return PRIMITIVES[type]!;
  throw new ArchiveFileError(`type ${JSON.stringify(schema)?.slice(0, 80)} in the schema is not known`);
}

function recordReader(fields: readonly ({ name: string; type: unknown } | null)[]): ReadValue {
  const readers = fields.map((field) => [String(field?.name), readerOf(field?.type)] as const);
  return (cursor) => Object.fromEntries(readers.map(([name, read]) => [name, read(cursor)]));
}
