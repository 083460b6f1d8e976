import type { JsonSchema } from './chat.ts';

/** What strict decoding takes; limits of length and pattern are checked on this side anyway. */
const KEPT = new Set(['type', 'enum', 'anyOf', 'description', 'properties', 'items', 'required']);

const asSchema = (value: unknown) => value as JsonSchema;
const typeOf = (value: unknown) => (typeof value === 'string' ? 'string' : typeof value);

function strictObject(schema: JsonSchema): JsonSchema {
  const required = new Set((schema.required as string[] | undefined) ?? []);
  const properties = Object.entries(schema.properties as Record<string, JsonSchema>).map(([name, property]) => {
    const strict = strictSchema(property);
    return [name, required.has(name) ? strict : { anyOf: [strict, { type: 'null' }] }];
  });
  return {
    type: 'object',
    ...(schema.description !== undefined && { description: schema.description }),
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name),
    additionalProperties: false,
  };
}

/**
 * The subset of JSON Schema that decoders with guaranteed form understand: every property is required (an optional one
 * may be null), no other properties, no limits on lengths, numbers and patterns.
 */
export function strictSchema(schema: JsonSchema): JsonSchema {
  if (schema.type === 'object') return strictObject(schema);
  const kept = Object.entries(schema).filter(([key]) => KEPT.has(key));
  const result: JsonSchema = Object.fromEntries(kept);
  if (Array.isArray(schema.enum)) result.type = typeOf(schema.enum[0]);
  if ('const' in schema) Object.assign(result, { type: typeOf(schema.const), enum: [schema.const] });
  if (Array.isArray(schema.anyOf)) result.anyOf = schema.anyOf.map((one) => strictSchema(asSchema(one)));
  if (schema.items) result.items = strictSchema(asSchema(schema.items));
  return result;
}
