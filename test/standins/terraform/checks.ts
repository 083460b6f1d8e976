import type { Path, Problem } from './provider.ts';
import type { AttributeSchema, BlockSchema } from './schema-types.ts';
import { isObject, isUnknown, type ObjectValue } from './values.ts';

/** Refuses what the documentation does not list. */
export function checkValues(block: BlockSchema, config: ObjectValue, at: Path = []): Problem[] {
  const own = Object.entries(block.attributes).flatMap(([name, attribute]) =>
    checkAttribute(attribute, config[name], [...at, name]),
  );
  const inner = Object.entries(block.blocks).flatMap(([name, nested]) =>
    elementsOf(config[name]).flatMap((element, index) =>
      checkValues(nested.block, element, nested.nesting === 'list' ? [...at, name, index] : [...at, name]),
    ),
  );
  return [...own, ...inner];
}

function elementsOf(value: unknown): ObjectValue[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

function checkAttribute({ values }: AttributeSchema, value: unknown, path: Path): Problem[] {
  if (values === undefined || value === null || value === undefined) return [];
  const given = (Array.isArray(value) ? value : [value]).filter((one) => one !== null && !isUnknown(one));
  const strange = given.filter((one) => !values.includes(String(one)));
  return strange.map((one) => ({
    severity: 'error',
    summary: `expected ${path.at(-1)} to be one of ${JSON.stringify(values)}, got ${one}`,
    path,
  }));
}
