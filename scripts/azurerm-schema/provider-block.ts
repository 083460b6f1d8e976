import type { BlockSchema, TypeNotation } from '../../test/standins/terraform/schema-types.ts';

const FIELD = /docs#([a-z0-9_]+) AzurermProvider#\w+\}\n\s+\*\/\n\s+readonly \w+\??: ([^;]+);/g;

const TYPES: Readonly<Record<string, TypeNotation>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
  'string[]': ['list', 'string'],
};

/** The provider's own block: its class has no getters, so its interfaces are read. Everything in it is optional. */
export function providerBlock(source: string, name = 'AzurermProviderConfig'): BlockSchema {
  const start = source.indexOf(`export interface ${name} {`);
  const body = source.slice(start, source.indexOf('\n}\n', start));
  const block: BlockSchema = { attributes: {}, blocks: {} };
  for (const [, field, declared] of body.matchAll(FIELD)) {
    const type = TYPES[declared!.replace(' | cdktn.IResolvable', '')];
    const inner = /^(AzurermProvider\w+)\b/.exec(declared!)?.[1];
    if (type !== undefined) block.attributes[field!] = { type, optional: true };
    else if (inner !== undefined) {
      block.blocks[field!] = {
        nesting: 'list',
        max: 1,
        ...(field === 'features' && { min: 1 }),
        block: providerBlock(source, inner),
      };
    }
  }
  delete block.attributes.alias;
  return block;
}

/** What 5.0 did to it: registration is not skipped any more but chosen, and extended validation is a feature. */
export function toFive(provider: BlockSchema): BlockSchema {
  const { skip_provider_registration: _gone, ...attributes } = provider.attributes;
  const { enhanced_validation: validation, features, ...others } = provider.blocks;
  if (!validation || !features) throw new Error('the provider block is not that of azurerm 4');
  const blocks = { ...features.block.blocks, enhanced_validation: validation };
  return { attributes, blocks: { ...others, features: { ...features, block: { ...features.block, blocks } } } };
}
