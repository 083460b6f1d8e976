import avsc from 'avsc';

/** A container file as an independent reader sees it. */
export interface ReadContainer {
  /** As it stands in the header. */
  schema: string;
  codec: string;
  records: Record<string, unknown>[];
}

/** A long that is read exactly, as a bigint. */
const exactLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer(value: bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  ...{ fromJSON: BigInt, toJSON: Number, isValid: (value: unknown) => typeof value === 'bigint', compare: () => 0 },
});

/** Reads an Avro container file with avsc; longs come as bigints, values of unions name their branch. */
export async function readContainer(file: Buffer): Promise<ReadContainer> {
  let schema = '';
  const decoder = new avsc.streams.BlockDecoder({
    parseHook: (text: unknown) => {
      schema = JSON.stringify(text);
      return avsc.Type.forSchema(text as never, { registry: { long: exactLong }, wrapUnions: 'always' } as never);
    },
  } as never);
  let codec = '';
  decoder.on('metadata', (_type, name) => {
    codec = String(name);
  });
  const records: Record<string, unknown>[] = [];
  decoder.on('data', (record) => records.push(record as Record<string, unknown>));
  const ended = new Promise((resolve, reject) => decoder.on('end', resolve).on('error', reject));
  decoder.end(file);
  await ended;
  return { schema, codec, records };
}

/** Values as JSON has them, with bigints as texts. */
export const asJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? String(item) : item)));
