import type {
  AttributeSchema,
  BlockSchema,
  NestedSchema,
  TypeNotation,
} from '../../test/standins/terraform/schema-types.ts';
import type { Argument, Arguments, ResourceArguments } from './arguments.ts';

/** What 5.2 has and 4.73 has not; the documentation names no types. */
const ADDED_TYPES: Readonly<Record<string, TypeNotation>> = {
  'azurerm_key_vault_key.release_policy.json': 'string',
  'azurerm_key_vault_key.release_policy.immutable': 'bool',
  'azurerm_log_analytics_workspace.internet_ingestion_access_type': 'string',
  'azurerm_log_analytics_workspace.internet_query_access_type': 'string',
  'azurerm_private_endpoint.edge_zone': 'string',
  'azurerm_private_dns_zone_virtual_network_link.private_dns_zone_id': 'string',
};

export interface OverlayNotes {
  dropped: string[];
  added: string[];
}

interface Place {
  path: string;
  resource: ResourceArguments;
  /** Paths that 5.0 took away. */
  removed: readonly string[];
  notes: OverlayNotes;
}

/** Turns 4.73's schema of a resource into 5.2's, as far as the documentation tells. */
export function overlay(
  type: string,
  block: BlockSchema,
  resource: ResourceArguments,
  removed: readonly string[],
  notes: OverlayNotes,
): void {
  overlayBlock(block, resource.arguments, { path: type, resource, removed, notes });
}

function overlayBlock(block: BlockSchema, documented: Arguments, place: Place): void {
  dropRemoved(block, documented, place);
  for (const [name, argument] of Object.entries(documented)) {
    const path = `${place.path}.${name}`;
    if (block.attributes[name]) tellAttribute(block.attributes[name], argument);
    else if (block.blocks[name]) overlayNested(block.blocks[name], argument, name, { ...place, path });
    else addMember(block, name, argument, { ...place, path });
  }
}

function dropRemoved(block: BlockSchema, documented: Arguments, { path, removed, notes }: Place): void {
  const gone = (name: string) => removed.some((entry) => entry.replace(' (attribute)', '') === `${path}.${name}`);
  for (const [name, attribute] of Object.entries(block.attributes)) {
    const given = attribute.optional || attribute.required;
    if (name === 'id' || (!gone(name) && (!given || name in documented))) continue;
    delete block.attributes[name];
    notes.dropped.push(`${path}.${name}`);
  }
  for (const name of Object.keys(block.blocks)) {
    if (name === 'timeouts' || (!gone(name) && name in documented)) continue;
    delete block.blocks[name];
    notes.dropped.push(`${path}.${name}`);
  }
}

/** Requirement, replacement, values and default as documented. */
function tellAttribute(attribute: AttributeSchema, argument: Argument): void {
  // A list that Azure fills in stays what it is: its documentation speaks of what is inside.
  if (argument.requirement === 'required' && !Array.isArray(attribute.type)) {
    attribute.required = true;
    delete attribute.optional;
    delete attribute.computed;
  }
  if (argument.force_new) attribute.forceNew = true;
  if (argument.values) attribute.values = argument.values;
  const value = defaultOf(attribute, argument);
  if (value !== undefined && attribute.optional && !attribute.computed) attribute.default = value;
}

function defaultOf({ type }: AttributeSchema, argument: Argument): string | number | boolean | undefined {
  const text = argument.default;
  if (text === undefined) return undefined;
  if (type === 'bool') return /^(?:true|false)$/.test(text) ? text === 'true' : undefined;
  if (type === 'number') return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
  return type === 'string' ? text : undefined;
}

function overlayNested(nested: NestedSchema, argument: Argument, name: string, place: Place): void {
  if (argument.force_new) nested.forceNew = true;
  if (argument.requirement === 'required') nested.min = 1;
  const inner = argumentsOf(place.resource, name);
  if (inner) overlayBlock(nested.block, inner, place);
}

function argumentsOf(resource: ResourceArguments, name: string): Arguments | undefined {
  const key = Object.keys(resource.blocks).find((names) => names.split('|').includes(name));
  return key === undefined ? undefined : resource.blocks[key];
}

function addMember(block: BlockSchema, name: string, argument: Argument, place: Place): void {
  const inner = argument.block ? argumentsOf(place.resource, name) : undefined;
  place.notes.added.push(place.path);
  if (inner) {
    const nested: NestedSchema = { nesting: 'list', block: { attributes: {}, blocks: {} } };
    block.blocks[name] = nested;
    overlayNested(nested, argument, name, place);
    return;
  }
  const type = ADDED_TYPES[place.path];
  if (type === undefined) throw new Error(`${place.path} is new in 5.2: name its type in ADDED_TYPES`);
  const attribute: AttributeSchema = { type, optional: true };
  if (name.endsWith('_wo')) attribute.writeOnly = true;
  tellAttribute(attribute, argument);
  block.attributes[name] = attribute;
}
