import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AttributeSchema,
  BlockSchema,
  NestedSchema,
  TypeNotation,
} from '../../test/standins/terraform/schema-types.ts';

/** The package holds one class per resource type, and the TypeScript it was made from in each source map. */
export function typescriptOf(packageFolder: string, folder: string): string {
  const script = readFileSync(join(packageFolder, 'lib', folder, 'index.js'), 'utf8');
  const map = /sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)/.exec(script)?.[1];
  if (map === undefined) throw new Error(`${folder} of the package has no source map`);
  return JSON.parse(Buffer.from(map, 'base64').toString()).sourcesContent[0];
}

/** The text of one class. */
function classBody(source: string, name: string): string {
  const start = source.search(new RegExp(`export class ${name} extends`));
  if (start < 0) throw new Error(`no class ${name}`);
  const end = source.indexOf('\nexport ', start + 1);
  return source.slice(start, end < 0 ? undefined : end);
}

/** What a getter of the class returns tells the type. */
const GETTERS: readonly [RegExp, TypeNotation][] = [
  [/Fn\.tolist\(this\.getListAttribute/, ['set', 'string']],
  [/Fn\.tolist\(this\.getNumberListAttribute/, ['set', 'number']],
  [/getListAttribute/, ['list', 'string']],
  [/getNumberListAttribute/, ['list', 'number']],
  [/getStringMapAttribute|new cdktn\.StringMap/, ['map', 'string']],
  [/getNumberAttribute/, 'number'],
  [/getBooleanAttribute/, 'bool'],
  [/getStringAttribute/, 'string'],
];

/** Of computed and given attributes that hold a secret; the package does not say which do. */
const SENSITIVE =
  /(?:^|_)(?:access_key|primary_key|secondary_key|shared_key|connection_string|connection_string_alias|blob_host_key|password|client_secret|value|value_wo)$/;
const SENSITIVE_TYPES = /key_vault_secret/;

function isSensitive(name: string, type: string): boolean {
  return SENSITIVE.test(name) && (!/^value/.test(name) || SENSITIVE_TYPES.test(type));
}

interface Member {
  name: string;
  computed: boolean;
  optional: boolean;
  required: boolean;
  /** The declaration that follows the comment. */
  text: string;
}

const MEMBER = /\/\/ ([a-z0-9_]+) - computed: (true|false), optional: (true|false), required: (true|false)\n/g;

function membersOf(body: string): Member[] {
  const found = [...body.matchAll(MEMBER)];
  return found.map((match, index) => ({
    name: match[1]!,
    computed: match[2] === 'true',
    optional: match[3] === 'true',
    required: match[4] === 'true',
    text: body.slice(match.index + match[0].length, found[index + 1]?.index),
  }));
}

/** Class of what lies inside, where the member is a block or a list of objects. */
function nestedClass(member: Member): { name: string; nesting: 'list' | 'set' | 'single' } | undefined {
  const match = /new (\w+?)(List|OutputReference)\(this, "\w+"(?:, (true|false))?\)/.exec(member.text);
  if (!match) return undefined;
  if (match[2] === 'OutputReference') return { name: match[1]!, nesting: 'single' };
  return { name: match[1]!, nesting: match[3] === 'true' ? 'set' : 'list' };
}

function flags(member: Member): Pick<AttributeSchema, 'required' | 'optional' | 'computed'> {
  return {
    ...(member.required && { required: true }),
    ...(member.optional && { optional: true }),
    ...(member.computed && { computed: true }),
  };
}

/** A list of objects that is an attribute: Azure fills it in when the configuration does not. */
function objectType(block: BlockSchema, nesting: 'list' | 'set' | 'single'): TypeNotation {
  const fields = Object.entries(block.attributes).map(([name, { type }]) => [name, type]);
  const inner = Object.entries(block.blocks).map(([name, nested]) => [name, objectType(nested.block, nested.nesting)]);
  return [nesting === 'set' ? 'set' : 'list', ['object', Object.fromEntries([...fields, ...inner])]];
}

function simpleType(member: Member): TypeNotation {
  const type = GETTERS.find(([pattern]) => pattern.test(member.text))?.[1];
  if (type === undefined) throw new Error(`${member.name}: unknown type in ${member.text.slice(0, 200)}`);
  return type;
}

/** A single block is a list of at most one to Terraform, but for `timeouts`. */
function nestedBlock(member: Member, block: BlockSchema, nesting: 'list' | 'set' | 'single'): NestedSchema {
  if (member.name === 'timeouts') return { nesting: 'single', block };
  return {
    nesting: nesting === 'set' ? 'set' : 'list',
    ...(member.required && { min: 1 }),
    ...(nesting === 'single' && { max: 1 }),
    block,
  };
}

function blockOf(source: string, className: string, type: string): BlockSchema {
  const block: BlockSchema = { attributes: {}, blocks: {} };
  for (const member of membersOf(classBody(source, className))) {
    const nested = nestedClass(member);
    if (nested === undefined) {
      const sensitive = isSensitive(member.name, type) && { sensitive: true as const };
      block.attributes[member.name] = { type: simpleType(member), ...flags(member), ...sensitive };
      continue;
    }
    const inner = blockOf(source, `${nested.name}OutputReference`, type);
    if (member.computed) {
      block.attributes[member.name] = { type: objectType(inner, nested.nesting), ...flags(member) };
    } else {
      block.blocks[member.name] = nestedBlock(member, inner, nested.nesting);
    }
  }
  markWriteOnly(block);
  return block;
}

/** `x_wo` is write-only where an `x_wo_version` stands beside it. */
function markWriteOnly({ attributes }: BlockSchema): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    if (name.endsWith('_wo') && `${name}_version` in attributes) attribute.writeOnly = true;
  }
}

/** The schema of one resource type or data source ("data.x"). */
export function schemaOf(packageFolder: string, type: string): BlockSchema {
  // The resource azurerm_eventhub is in lib/eventhub, the data source of that name in lib/data-azurerm-eventhub.
  const folder = type
    .replace('data.', 'data-')
    .replace(/^azurerm_/, '')
    .replaceAll('_', '-');
  const source = typescriptOf(packageFolder, folder);
  const className = /export class (\w+) extends cdktn\.Terraform(?:Resource|DataSource)/.exec(source)?.[1];
  if (className === undefined) throw new Error(`${folder} declares no resource`);
  return blockOf(source, className, type);
}
