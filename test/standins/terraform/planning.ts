import { isDeepStrictEqual } from 'node:util';
import type { Path } from './provider.ts';
import type { BlockSchema } from './schema-types.ts';
import { isObject, isUnknown, type ObjectValue, UNKNOWN } from './values.ts';

/**
 * Completes what Terraform proposes: defaults where the configuration is silent, "known after apply" where the provider
 * will fill in, nothing where a value may only be written. Terraform has already carried over what the earlier state
 * knows.
 */
export function plan(block: BlockSchema, proposed: ObjectValue, prior: ObjectValue | null): ObjectValue {
  const planned = { ...proposed };
  for (const [name, attribute] of Object.entries(block.attributes)) {
    if (attribute.writeOnly) planned[name] = null;
    if (planned[name] !== null && planned[name] !== undefined) continue;
    if (attribute.default !== undefined) planned[name] = attribute.default;
    else if (attribute.computed && prior === null) planned[name] = UNKNOWN;
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    planned[name] = planNested(nested.block, planned[name], prior?.[name]);
  }
  return planned;
}

function planNested(block: BlockSchema, proposed: unknown, prior: unknown): unknown {
  if (Array.isArray(proposed)) {
    const earlier = Array.isArray(prior) ? prior : [];
    return proposed.map((element, index) => planNested(block, element, earlier[index]));
  }
  return isObject(proposed) ? plan(block, proposed, isObject(prior) ? prior : null) : proposed;
}

/** Paths whose change replaces the resource, as the schema says. */
export function replacements(block: BlockSchema, prior: ObjectValue, planned: ObjectValue, at: Path = []): Path[] {
  const own = Object.entries(block.attributes)
    .filter(([name, { forceNew }]) => forceNew && !same(prior[name], planned[name]))
    .map(([name]) => [...at, name]);
  const inner = Object.entries(block.blocks).flatMap(([name, nested]) => {
    const [before, after] = [prior[name], planned[name]];
    if (nested.forceNew && !same(before, after)) return [[...at, name]];
    // Elements of a set have no index to point at.
    if (nested.nesting !== 'list' || !Array.isArray(before) || !Array.isArray(after)) return [];
    return after.flatMap((element, index) =>
      isObject(element) && isObject(before[index])
        ? replacements(nested.block, before[index], element, [...at, name, index])
        : [],
    );
  });
  return [...own, ...inner];
}

function same(before: unknown, after: unknown): boolean {
  return !isUnknown(after) && isDeepStrictEqual(before ?? null, after ?? null);
}

/** Puts values in the place of everything still unknown. */
export function settle(
  block: BlockSchema,
  value: ObjectValue,
  fill: (name: string, type: BlockSchema['attributes'][string]['type']) => unknown,
): ObjectValue {
  const settled = { ...value };
  for (const [name, { type }] of Object.entries(block.attributes)) {
    if (isUnknown(settled[name])) settled[name] = fill(name, type);
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    settled[name] = settleNested(nested.block, settled[name], fill);
  }
  return settled;
}

function settleNested(block: BlockSchema, value: unknown, fill: Parameters<typeof settle>[2]): unknown {
  if (Array.isArray(value)) return value.map((element) => settleNested(block, element, fill));
  return isObject(value) ? settle(block, value, fill) : value;
}

/** Gives everything the schema names a place in the value: null where nothing is known. */
export function complete(block: BlockSchema, value: ObjectValue): ObjectValue {
  const whole = { ...value };
  for (const name of Object.keys(block.attributes)) whole[name] ??= null;
  for (const [name, nested] of Object.entries(block.blocks)) {
    const inner = whole[name];
    if (Array.isArray(inner)) whole[name] = inner.map((one) => (isObject(one) ? complete(nested.block, one) : one));
    else whole[name] ??= nested.nesting === 'single' ? null : [];
  }
  return whole;
}
