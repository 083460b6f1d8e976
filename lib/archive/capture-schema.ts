import { ArchiveFileError } from './archive-error.ts';
import { type Cursor, readerOf } from './avro-record.ts';

const VALUES = 'bytes|double|long|string';

/** The record that Event Hubs Capture writes. */
const NAME = 'Microsoft.ServiceBus.Messaging.EventData';

/**
 * Its fields, as Microsoft publishes them ("Explore captured Avro files in Azure Event Hubs"), each as its shape. Files
 * found in the field also allow null for a property.
 */
const FIELDS = {
  SequenceNumber: 'long',
  Offset: 'string',
  EnqueuedTimeUtc: 'string',
  SystemProperties: `map<${VALUES}>`,
  Properties: `map<${VALUES}>`,
  Body: 'bytes',
};

/** A property's value; a bigint where a number would not be exact. */
export type PropertyValue = string | number | bigint | Buffer | null;

/** A record as it is in the file. */
export interface CaptureRecord {
  SequenceNumber: number | bigint;
  Offset: string;
  EnqueuedTimeUtc: string;
  SystemProperties: Record<string, PropertyValue>;
  Properties: Record<string, PropertyValue>;
  Body: Buffer | null;
}

/** A schema as text in which neither the order of a union's branches nor null among them makes a difference. */
function shapeOf(schema: unknown): string {
  if (Array.isArray(schema)) {
    const branches = schema.map(shapeOf).filter((branch) => branch !== 'null');
    return branches.sort().join('|');
  }
  const plain = typeof schema === 'object' && schema !== null ? schema : { type: schema };
  const { type, values } = plain as { type: unknown; values?: unknown };
  return type === 'map' ? `map<${shapeOf(values)}>` : String(type);
}

interface Schema {
  name?: unknown;
  namespace?: unknown;
  fields?: unknown;
}

/** A name with dots is whole; any other is completed by the namespace. */
function fullName(schema: unknown): string {
  const { name, namespace } = (schema ?? {}) as Schema;
  if (typeof name !== 'string') return String(typeof schema === 'string' ? schema : 'no record');
  return name.includes('.') || typeof namespace !== 'string' ? name : `${namespace}.${name}`;
}

/** What keeps records of this schema from being read as Capture's; undefined when nothing does. */
function findDifference(schema: unknown): string | undefined {
  if (fullName(schema) !== NAME) return `it holds ${fullName(schema)}`;
  const { fields } = schema as Schema;
  if (!Array.isArray(fields)) return 'its schema has no fields';
  const written = new Map(fields.map((field) => [field?.name, shapeOf(field?.type)]));
  for (const [name, expected] of Object.entries(FIELDS)) {
    const found = written.get(name);
    if (found === undefined) return `${name} is missing`;
    if (found !== expected) return `${name} is of type ${found}, not ${expected}`;
  }
  return undefined;
}

/**
 * A reader of the records of a file; fields beyond those of Capture are there, but nobody asks for them.
 * @throws {ArchiveFileError} when the file holds something else than what Capture writes
 */
export function captureReader(schema: unknown): (cursor: Cursor) => CaptureRecord {
  const difference = findDifference(schema);
  if (difference) throw new ArchiveFileError(`the file does not hold what Event Hubs Capture writes: ${difference}`);
  return readerOf(schema) as (cursor: Cursor) => CaptureRecord;
}
