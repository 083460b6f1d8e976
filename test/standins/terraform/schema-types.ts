/** A type in Terraform's own notation: "string", ["list", "string"], ["object", {...}]. */
export type TypeNotation = string | [string, TypeNotation] | ['object', { [name: string]: TypeNotation }];

/** One argument or computed attribute of a block. */
export interface AttributeSchema {
  type: TypeNotation;
  required?: true;
  optional?: true;
  computed?: true;
  sensitive?: true;
  /** Handed to the provider, kept in neither plan nor state. */
  writeOnly?: true;
  /** A change of it replaces the resource. */
  forceNew?: true;
  /** What the documentation says it may be. */
  values?: string[];
  /** What it is when the configuration leaves it out. */
  default?: string | number | boolean;
}

/** A block inside a block. */
export interface NestedSchema {
  nesting: 'list' | 'set' | 'single';
  min?: number;
  max?: number;
  forceNew?: true;
  block: BlockSchema;
}

export interface BlockSchema {
  attributes: Record<string, AttributeSchema>;
  blocks: Record<string, NestedSchema>;
}

/** Everything a provider can be asked for. */
export interface ProviderSchema {
  provider: BlockSchema;
  resources: Record<string, BlockSchema>;
  data: Record<string, BlockSchema>;
}
