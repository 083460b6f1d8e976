import { AmqpError, Condition, decodeError } from './errors.ts';
import { type AmqpMap, type AmqpValue, Described } from './reader.ts';
import type { Encode, Writer } from './writer.ts';

/** What a field's kind is in TypeScript, once decoded. */
interface Kinds {
  string: string;
  symbol: string;
  boolean: boolean;
  ubyte: number;
  ushort: number;
  uint: number;
  ulong: number | bigint;
  binary: Buffer;
  map: AmqpMap;
  symbols: string[];
  any: AmqpValue;
}
type Kind = keyof Kinds;
/** A kind, with ! when the specification calls the field mandatory. */
type Field = Kind | `${Kind}!`;
type Fields = Record<string, Field>;

/** A composite type: a descriptor and fields in the order of the specification. */
export interface Composite<F extends Fields> {
  readonly name: string;
  readonly descriptor: number;
  readonly fields: F;
}

export type AnyComposite = Composite<Fields>;

export type Decoded<C> =
  C extends Composite<infer F>
    ? {
        [N in keyof F]: F[N] extends `${infer K extends Kind}!`
          ? Kinds[K]
          : F[N] extends Kind
            ? Kinds[F[N]] | null
            : never;
      }
    : never;

/** What may be given to encode a composite: plain values where the kind says how to write them, else a writer. */
export type Given<C> = C extends Composite<infer F> ? { [N in keyof F]?: Giving<F[N]> | null } : never;
type Giving<F extends Field> = F extends `${infer K extends Kind}!` ? Write<K> : F extends Kind ? Write<F> : never;
type Write<K extends Kind> = K extends 'any' | 'map' ? Encode : Kinds[K];

export const composite = <const F extends Fields>(name: string, descriptor: number, fields: F): Composite<F> => ({
  name,
  descriptor,
  fields,
});

const isInteger = (limit: number) => (value: AmqpValue) => typeof value === 'number' && value >= 0 && value <= limit;

const FITS: Record<Kind, (value: AmqpValue) => boolean> = {
  string: (value) => typeof value === 'string',
  symbol: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  ubyte: isInteger(0xff),
  ushort: isInteger(0xffff),
  uint: isInteger(0xffff_ffff),
  ulong: (value) => (typeof value === 'number' || typeof value === 'bigint') && value >= 0,
  binary: (value) => Buffer.isBuffer(value),
  map: (value) => value instanceof Map,
  symbols: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  any: () => true,
};

const bare = (field: Field): Kind => field.replace('!', '') as Kind;

function decodeField(owner: string, name: string, field: Field, value: AmqpValue): AmqpValue {
  const kind = bare(field);
  if (value === null) {
    if (field.endsWith('!')) throw new AmqpError(Condition.invalidField, `${owner}: ${name} is mandatory`);
    return null;
  }
  // "multiple" fields may be sent as a single value (part 1.4).
  const given = kind === 'symbols' && typeof value === 'string' ? [value] : value;
  if (!FITS[kind](given)) throw decodeError(`${owner}: ${name} is not a ${kind}`);
  return given;
}

/** Reads the list of a composite into an object with every field of the specification, null where absent. */
export function decodeFields<F extends Fields>(type: Composite<F>, list: AmqpValue): Decoded<Composite<F>> {
  if (!Array.isArray(list)) throw decodeError(`${type.name} is not a list`);
  const entries = Object.entries(type.fields).map(([name, field], i) => [
    name,
    decodeField(type.name, name, field, list[i] ?? null),
  ]);
  return Object.fromEntries(entries) as Decoded<Composite<F>>;
}

/** Reads a described composite such as a source; null when the value is absent or of another type. */
export function decodeComposite<F extends Fields>(type: Composite<F>, value: AmqpValue): Decoded<Composite<F>> | null {
  if (!(value instanceof Described) || value.descriptor !== type.descriptor) return null;
  return decodeFields(type, value.value);
}

const WRITE: Record<Kind, (writer: Writer, value: never) => void> = {
  string: (writer, value: string) => writer.string(value),
  symbol: (writer, value: string) => writer.symbol(value),
  boolean: (writer, value: boolean) => writer.boolean(value),
  ubyte: (writer, value: number) => writer.ubyte(value),
  ushort: (writer, value: number) => writer.ushort(value),
  uint: (writer, value: number) => writer.uint(value),
  ulong: (writer, value: number) => writer.ulong(value),
  binary: (writer, value: Buffer) => writer.binary(value),
  symbols: (writer, value: string[]) => writer.symbolArray(value),
  map: (writer, value: Encode) => value(writer),
  any: (writer, value: Encode) => value(writer),
};

/** A writer of the composite. Trailing nulls are written: some clients read fields by position without looking. */
export function encodeComposite<F extends Fields>(type: Composite<F>, given: Given<Composite<F>>): Encode {
  const values = given as Record<string, unknown>;
  const fields = Object.entries(type.fields).map(([name, field]): Encode => {
    const value = values[name] ?? null;
    return value === null ? (writer) => writer.null() : (writer) => WRITE[bare(field)](writer, value as never);
  });
  return (writer) => writer.described(type.descriptor, (inner) => inner.list(fields));
}
