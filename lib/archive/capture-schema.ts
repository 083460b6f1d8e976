import avsc, { type Type } from 'avsc';
import { ArchiveFileError } from './archive-error.ts';

const VALUES = ['long', 'double', 'string', 'bytes'];

/**
 * What Event Hubs Capture writes a file with, as Microsoft publishes it ("Explore captured Avro files in Azure Event
 * Hubs"). Files of today also allow null for a property; both are read.
 */
export const CAPTURE_SCHEMA = {
  type: 'record',
  name: 'EventData',
  namespace: 'Microsoft.ServiceBus.Messaging',
  fields: [
    { name: 'SequenceNumber', type: 'long' },
    { name: 'Offset', type: 'string' },
    { name: 'EnqueuedTimeUtc', type: 'string' },
    { name: 'SystemProperties', type: { type: 'map', values: VALUES } },
    { name: 'Properties', type: { type: 'map', values: [...VALUES, 'null'] } },
    { name: 'Body', type: ['null', 'bytes'] },
  ],
} as const;

/** A value as a union has it: its branch with the value, or null. */
export type UnionValue = Record<string, unknown> | null;

/** A record as it is in the file. */
export interface CaptureRecord {
  SequenceNumber: bigint;
  Offset: string;
  EnqueuedTimeUtc: string;
  SystemProperties: Record<string, UnionValue>;
  Properties: Record<string, UnionValue>;
  Body: UnionValue;
}

/** A property may hold any 64-bit number; more than 53 bits of it must not make a file unreadable. */
const long = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer(value: bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
});

/** Long and double are both numbers here: only a branch that is named tells them apart. */
const typeOf = (schema: unknown): Type =>
  avsc.Type.forSchema(schema as never, { wrapUnions: 'always', registry: { long } } as never);

/** Of the published schema. */
export const captureType: Type = typeOf(CAPTURE_SCHEMA);

/** A schema as text in which neither the order of a union's branches nor null among them makes a difference. */
function shapeOf(schema: unknown): string {
  if (Array.isArray(schema)) {
    const branches = schema.map(shapeOf).filter((branch) => branch !== 'null');
    return branches.sort().join('|');
  }
  const { type, values } = (typeof schema === 'object' ? schema : { type: schema }) as {
    type: unknown;
    values: unknown;
  };
  return type === 'map' ? `map<${shapeOf(values)}>` : String(type);
}

/** What keeps records of this type from being read as Capture's; undefined when nothing does. */
function findDifference(type: Type): string | undefined {
  if (type.branchName !== captureType.branchName) return `it holds ${type.branchName}`;
  const { fields } = type.schema() as unknown as { fields: { name: string; type: unknown }[] };
  const written = new Map(fields.map((field) => [field.name, shapeOf(field.type)]));
  for (const { name, type: expected } of CAPTURE_SCHEMA.fields) {
    const found = written.get(name);
    if (found === undefined) return `${name} is missing`;
    if (found !== shapeOf(expected)) return `${name} is of type ${found}, not ${shapeOf(expected)}`;
  }
  return undefined;
}

function parseType(schema: unknown): Type {
  try {
    return typeOf(schema);
  } catch (error) {
    throw new ArchiveFileError(`the schema in the header is no Avro schema: ${(error as Error).message}`);
  }
}

/**
 * A reader of the records of a file; fields beyond those of Capture are there, but nobody asks for them.
 * @throws {ArchiveFileError} when the file holds something else than what Capture writes
 */
export function captureReader(
  schema: unknown,
): (data: Buffer, offset: number) => { value: CaptureRecord; offset: number } {
  const type = parseType(schema);
  const difference = findDifference(type);
  if (difference) throw new ArchiveFileError(`the file does not hold what Event Hubs Capture writes: ${difference}`);
  return (data, offset) => type.decode(data, offset) as never;
}
