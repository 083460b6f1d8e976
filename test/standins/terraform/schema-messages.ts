import type { BlockSchema, NestedSchema } from './schema-types.ts';

const NESTING = { single: 1, list: 2, set: 3 } as const;

/** A block's schema as the protocol writes it. */
export function schemaMessage(block: BlockSchema): object {
  return { version: 0, block: blockMessage(block) };
}

function blockMessage({ attributes, blocks }: BlockSchema): object {
  return {
    version: 0,
    attributes: Object.entries(attributes).map(
      ([name, { type, required, optional, computed, sensitive, writeOnly }]) => ({
        name,
        type: Buffer.from(JSON.stringify(type)),
        required,
        optional,
        computed,
        sensitive,
        writeOnly,
      }),
    ),
    blockTypes: Object.entries(blocks).map(([name, nested]) => nestedMessage(name, nested)),
  };
}

function nestedMessage(typeName: string, { nesting, min, max, block }: NestedSchema): object {
  return { typeName, nesting: NESTING[nesting], minItems: min, maxItems: max, block: blockMessage(block) };
}
