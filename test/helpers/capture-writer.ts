import avsc from 'avsc';

/** An event to be written as Capture would; only what a test is about has to be given. */
export interface EventToWrite {
  sequenceNumber: number;
  offset?: string;
  enqueuedTime?: string;
  /** Values name their branch: `{ long: 1 }`. */
  systemProperties?: Record<string, unknown>;
  properties?: Record<string, unknown>;
  body: Buffer | null;
}

export interface WriteOptions {
  codec?: 'null' | 'deflate';
  schema?: unknown;
  /** Bytes after which a block is closed. */
  blockSize?: number;
}

const values = ['long', 'double', 'string', 'bytes'];

/** The schema as the documentation of Event Hubs Capture prints it; files found in the field allow null too. */
export const publishedSchema = (propertyValues: readonly string[] = values) => ({
  type: 'record',
  name: 'EventData',
  namespace: 'Microsoft.ServiceBus.Messaging',
  fields: [
    { name: 'SequenceNumber', type: 'long' },
    { name: 'Offset', type: 'string' },
    { name: 'EnqueuedTimeUtc', type: 'string' },
    { name: 'SystemProperties', type: { type: 'map', values } },
    { name: 'Properties', type: { type: 'map', values: propertyValues } },
    { name: 'Body', type: ['null', 'bytes'] },
  ],
});

const toRecord = (event: EventToWrite) => ({
  SequenceNumber: event.sequenceNumber,
  Offset: event.offset ?? String(event.sequenceNumber * 100),
  EnqueuedTimeUtc: event.enqueuedTime ?? '6/12/2026 6:32:34 PM',
  SystemProperties: event.systemProperties ?? {},
  Properties: event.properties ?? {},
  Body: event.body,
});

/** Any Avro container file, made by avsc; `schema` may be a type of its own. */
export async function writeContainer(
  records: readonly unknown[],
  schema: unknown,
  { codec = 'null', blockSize }: Omit<WriteOptions, 'schema'> = {},
): Promise<Buffer> {
  const { BlockEncoder } = avsc.streams;
  const options = {
    codec,
    codecs: BlockEncoder.defaultCodecs(),
    writeHeader: 'always',
    ...(blockSize && { blockSize }),
  };
  const encoder = new BlockEncoder(schema as never, options as never);
  const chunks: Buffer[] = [];
  encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve, reject) => encoder.on('end', resolve).on('error', reject));
  for (const record of records) encoder.write(record);
  encoder.end();
  await ended;
  return Buffer.concat(chunks);
}

/** A file as Event Hubs Capture writes it. */
export const writeCaptureFile = (events: readonly EventToWrite[], { schema, ...options }: WriteOptions = {}) =>
  writeContainer(events.map(toRecord), schema ?? publishedSchema(), options);
