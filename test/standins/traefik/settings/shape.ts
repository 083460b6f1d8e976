import { type TProperties, type TSchema, Type } from 'typebox';

/** An object that is refused with any other key: what is not known here is not done here. */
export const Strict = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
export const Maybe = <T extends TSchema>(schema: T) => Type.Optional(schema);
export const Text = Type.String({ minLength: 1 });
export const Texts = Type.Array(Type.String());
export const Named = <T extends TSchema>(schema: T) => Type.Record(Type.String(), schema);
/** "900ms", "1s", "1m", or a number of seconds. */
export const Duration = Type.Union([Type.String({ pattern: '^[0-9.]+(ms|s|m|h)?$' }), Type.Number({ minimum: 0 })]);
export type Duration = string | number;

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds; `fallback` is a duration, too. */
export function milliseconds(duration: Duration | undefined, fallback: Duration): number {
  const [, value, unit] = /^([0-9.]+)(ms|s|m|h)?$/.exec(String(duration ?? fallback))!;
  return Number(value) * UNITS[unit ?? 's']!;
}
