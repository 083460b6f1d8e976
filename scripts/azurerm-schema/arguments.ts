import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const Argument = Type.Object({
  requirement: Type.String(),
  force_new: Type.Optional(Type.Boolean()),
  block: Type.Optional(Type.Boolean()),
  default: Type.Optional(Type.String()),
  values: Type.Optional(Type.Array(Type.String())),
});
export type Argument = Static<typeof Argument>;

const Arguments = Type.Record(Type.String(), Argument);
export type Arguments = Static<typeof Arguments>;

const ResourceArguments = Type.Object({
  arguments: Arguments,
  /** By name; names that share a description are joined by |. */
  blocks: Type.Record(Type.String(), Arguments),
});
export type ResourceArguments = Static<typeof ResourceArguments>;

const Documented = Type.Object({
  removed_in_5_0: Type.Record(Type.String(), Type.Array(Type.String())),
  resources: Type.Record(Type.String(), ResourceArguments),
});
export type Documented = Static<typeof Documented>;

/** What azurerm 5.2.0's documentation says each resource takes. */
export function readArguments(file: string): Documented {
  return Value.Parse(Documented, JSON.parse(readFileSync(file, 'utf8')));
}
