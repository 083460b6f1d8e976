import type { TSchema } from 'typebox';

/** Copies a valid value without the members that its schema does not know. */
export type Picker = (value: unknown) => unknown;

interface Shape {
  properties?: Record<string, Shape>;
  items?: Shape;
}

const asItIs: Picker = (value) => value;

function objectPicker(properties: Record<string, Shape>): Picker {
  const members = Object.entries(properties).map(([name, shape]) => [name, pickerFor(shape)] as const);
  return (value) => {
    const known: Record<string, unknown> = {};
    for (const [name, pick] of members) {
      const member = (value as Record<string, unknown>)[name];
      if (member !== undefined) known[name] = pick(member);
    }
    return known;
  };
}

function pickerFor({ properties, items }: Shape): Picker {
  if (properties) return objectPicker(properties);
  if (!items) return asItIs;
  const pick = pickerFor(items);
  return (value) => (value as unknown[]).map(pick);
}

/** Made once for a schema of objects, arrays and plain values: a general one costs 50 us for each value. */
export const knownMembers = (schema: TSchema): Picker => pickerFor(schema as Shape);
