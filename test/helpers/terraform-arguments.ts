import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value as Typebox } from 'typebox/value';
import { address, type Body, bodiesOf, isBody, type Resource, type Rule, type Value } from './terraform-template.ts';

const Argument = Type.Object({
  requirement: Type.Union([Type.Literal('required'), Type.Literal('optional'), Type.Literal('unstated')]),
  block: Type.Optional(Type.Boolean()),
  values: Type.Optional(Type.Array(Type.String())),
});
const Arguments = Type.Record(Type.String(), Argument);
const Documented = Type.Object({
  removed_in_5_0: Type.Record(Type.String(), Type.Array(Type.String())),
  resources: Type.Record(
    Type.String(),
    Type.Object({
      arguments: Arguments,
      blocks: Type.Record(Type.String(), Arguments),
      exactly_one_of: Type.Optional(Type.Array(Type.Array(Type.String()))),
    }),
  ),
});
type Documented = Static<typeof Documented>;
type Arguments = Static<typeof Arguments>;

const FILE = join(import.meta.dirname, '..', 'fixtures', 'azurerm', 'arguments.json');

/** What azurerm 5.2's documentation says of the resource types the template uses. */
export const documented: Documented = Typebox.Parse(Documented, JSON.parse(readFileSync(FILE, 'utf8')));

/** hashicorp/time 0.13: one resource, written down here. */
const SLEEP: Arguments = {
  create_duration: { requirement: 'optional' },
  destroy_duration: { requirement: 'optional' },
  triggers: { requirement: 'optional' },
};

/** What Terraform itself takes in any resource. */
const META = new Set(['count', 'for_each', 'depends_on', 'lifecycle', 'provider', 'timeouts', 'dynamic']);

/** Blocks by their documentation, attributes by their schema: they are given as `name = [{ ... }]`. */
const ATTRIBUTE_BLOCKS = new Set(['network_rulesets', 'ip_rule', 'virtual_network_rule', 'access_policy']);

/** What is being looked at: its place for a finding, and what is documented of the resource's blocks. */
interface Place {
  at: string;
  type: string;
  blocks: Record<string, Arguments>;
  /** Of a nested block: the path inside the resource. */
  path: string;
}

/** Arguments that do not exist, were removed, are missing, are written in the wrong form or have a wrong value. */
export const argumentsAreDocumented: Rule = (template) =>
  Object.values(template.modules).flatMap((module) => module.resources.flatMap(checkResource));

function checkResource(resource: Resource): string[] {
  const { type, body } = resource;
  const at = address(resource);
  if (type === 'time_sleep') return checkBody(body, SLEEP, { at, type, blocks: {}, path: '' });
  const known = documented.resources[type];
  if (!known) return [`${at}: resource type is not in arguments.json`];
  const place = { at, type, blocks: known.blocks, path: '' };
  return [...checkBody(body, known.arguments, place), ...checkOneOf(body, known.exactly_one_of ?? [], at)];
}

function checkBody(body: Body, known: Arguments, place: Place): string[] {
  const dynamic = isBody(body.dynamic) ? body.dynamic : {};
  const given = [...Object.keys(body).filter((name) => !META.has(name)), ...Object.keys(dynamic)];
  const missing = Object.entries(known)
    .filter(([name, { requirement }]) => requirement === 'required' && !given.includes(name))
    .map(([name]) => `${place.at}: ${place.path}${name} is missing`);
  const written = Object.entries(body)
    .filter(([name]) => !META.has(name))
    .flatMap(([name, value]) => checkArgument(name, value, known, place));
  const made = Object.entries(dynamic).flatMap(([name, blocks]) => checkDynamic(name, blocks, known, place));
  return [...missing, ...written, ...made];
}

function checkArgument(name: string, value: Value, known: Arguments, place: Place): string[] {
  const argument = known[name];
  const path = `${place.path}${name}`;
  if (!argument) return [unknown(path, place)];
  if (argument.block) return checkBlocks(name, value, place);
  if (Array.isArray(value) && value.some(isBody)) return [`${place.at}: ${path} is an argument, not a block`];
  return checkValues(value, argument.values, `${place.at}: ${path}`);
}

function unknown(path: string, { at, type }: Place): string {
  const removed = documented.removed_in_5_0[type] ?? [];
  return removed.includes(path) ? `${at}: ${path} was removed in azurerm 5.0` : `${at}: ${path} is unknown`;
}

function checkBlocks(name: string, value: Value, place: Place): string[] {
  const path = `${place.path}${name}`;
  // An expression is all there is to see of an attribute that looks like a block.
  if (ATTRIBUTE_BLOCKS.has(name) && !Array.isArray(value)) return [];
  if (!Array.isArray(value)) return [`${place.at}: ${path} is a block, not an argument`];
  return bodiesOf(value).flatMap((body) => checkBody(body, place.blocks[name] ?? {}, { ...place, path: `${path}.` }));
}

function checkDynamic(name: string, blocks: Value, known: Arguments, place: Place): string[] {
  const path = `${place.path}${name}`;
  if (!known[name]) return [unknown(path, place)];
  if (!known[name].block) return [`${place.at}: ${path} is an argument, not a block`];
  if (ATTRIBUTE_BLOCKS.has(name)) return [`${place.at}: ${path} takes no dynamic block`];
  const contents = bodiesOf(blocks).flatMap((block) => bodiesOf(block.content));
  return contents.flatMap((body) => checkBody(body, place.blocks[name] ?? {}, { ...place, path: `${path}.` }));
}

/** Of what is written out; an expression is only known when Terraform evaluates it. */
function checkValues(value: Value, allowed: readonly string[] | undefined, at: string): string[] {
  if (!allowed) return [];
  const literals = (Array.isArray(value) ? value : [value]).filter(
    (item) => typeof item === 'number' || (typeof item === 'string' && !item.includes('${')),
  );
  return literals
    .filter((item) => !allowed.includes(String(item)))
    .map((item) => `${at} cannot be ${JSON.stringify(item)}`);
}

function checkOneOf(body: Body, groups: readonly (readonly string[])[], at: string): string[] {
  const dynamic = isBody(body.dynamic) ? body.dynamic : {};
  return groups
    .filter((names) => names.filter((name) => name in body || name in dynamic).length !== 1)
    .map((names) => `${at}: exactly one of ${names.join(', ')} has to be given`);
}
