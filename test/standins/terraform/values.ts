import { decode, ExtData, ExtensionCodec, encode } from '@msgpack/msgpack';

/** An object of Terraform's: a resource, or a block in one. A value not known yet is {@link isUnknown}. */
export type ObjectValue = { [name: string]: unknown };

/** How a value crosses the wire. */
export interface DynamicValue {
  msgpack?: Uint8Array;
  json?: Uint8Array;
}

const codec = new ExtensionCodec();

/** "(known after apply)" */
export const UNKNOWN = new ExtData(0, new Uint8Array([0]));

/** Extension types 0 and 12 say unknown; nothing else of Terraform's is an extension. */
export function isUnknown(value: unknown): boolean {
  return value instanceof ExtData;
}

export function isObject(value: unknown): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** null stands for a resource that is not (or no longer) there. */
export function decodeValue(value: DynamicValue | null | undefined): ObjectValue | null {
  if (value?.msgpack?.length) return decode(value.msgpack, { extensionCodec: codec }) as ObjectValue | null;
  if (value?.json?.length) return JSON.parse(Buffer.from(value.json).toString()) as ObjectValue | null;
  return null;
}

export function encodeValue(value: ObjectValue | null): DynamicValue {
  return { msgpack: encode(value, { extensionCodec: codec }) };
}
