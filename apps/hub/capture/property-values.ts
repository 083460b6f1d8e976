import { Code } from '../amqp/codes.ts';
import { type AmqpValue, Described, type Reader } from '../amqp/reader.ts';

/** A value of a property as a captured file can hold it. */
export type PropertyValue =
  | { type: 'long'; value: number | bigint }
  | { type: 'double'; value: number }
  | { type: 'string'; value: string }
  | { type: 'bytes'; value: Buffer }
  | { type: 'null' };

const MAX_LONG = 2n ** 63n - 1n;
const DOUBLES = new Set<number>([Code.double, Code.float]);

/** Takes the next value. Types that a file has no branch for become text: booleans, times in ISO 8601, lists and maps as JSON. */
export function readPropertyValue(reader: Reader): PropertyValue {
  const code = reader.buffer[reader.position]!;
  const value = reader.value();
  if (value === null) return { type: 'null' };
  if (DOUBLES.has(code)) return { type: 'double', value: value as number };
  if (code === Code.timestamp) return text(isoTime(value as number | bigint));
  if (code === Code.uuid) return text(uuid(value as Buffer));
  if (code === Code.char) return text(String.fromCodePoint(Math.min(value as number, 0x10ffff)));
  return plain(value);
}

const text = (value: string): PropertyValue => ({ type: 'string', value });

function plain(value: AmqpValue): PropertyValue {
  if (typeof value === 'string') return text(value);
  if (Buffer.isBuffer(value)) return { type: 'bytes', value };
  if (typeof value === 'number') return { type: 'long', value };
  if (typeof value === 'bigint') return value > MAX_LONG ? text(String(value)) : { type: 'long', value };
  return text(typeof value === 'boolean' ? String(value) : JSON.stringify(asJson(value)));
}

function asJson(value: AmqpValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), asJson(item)]));
  if (value instanceof Described) return asJson(value.value);
  if (Array.isArray(value)) return value.map(asJson);
  if (Buffer.isBuffer(value)) return value.toString('base64');
  return typeof value === 'bigint' ? String(value) : value;
}

/** The largest time that a Date can hold, in milliseconds. */
const MAX_TIME = 8.64e15;

function isoTime(ms: number | bigint): string {
  return Math.abs(Number(ms)) <= MAX_TIME ? new Date(Number(ms)).toISOString() : String(ms);
}

const uuid = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
