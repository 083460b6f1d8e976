import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from '@cdktn/hcl2json';

/** A value of Terraform's language as HashiCorp's parser hands it over: expressions are "${...}", blocks are lists. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Body = { [name: string]: Value };

/** Text of every file of a template, by its path inside it. */
export type TemplateFiles = Readonly<Record<string, string>>;

/** A resource of one module. */
export interface Resource {
  /** Folder of the module; the root's is ".". */
  folder: string;
  type: string;
  name: string;
  body: Body;
}

/** A module: its folder, and what its files declare together. */
export interface Module {
  folder: string;
  text: string;
  resources: Resource[];
  variables: Record<string, Body>;
  outputs: Record<string, Body>;
  locals: Body;
  /** Calls of other modules by name. */
  calls: Record<string, Body>;
  providers: Record<string, Body>;
  terraform: Body[];
}

export interface Template {
  files: TemplateFiles;
  root: Module;
  /** By folder, the root's included. */
  modules: Record<string, Module>;
}

/** What a rule has to say against the template; empty means nothing. */
export type Rule = (template: Template) => string[];

/** Reads every file Terraform would read below `folder`, and those that release what is protected. */
export function templateFiles(folder: string): TemplateFiles {
  const paths = globSync('**/*.{tf,tf.json}', { cwd: folder }).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

const parsed = new Map<string, Promise<Body>>();

/** Files that are the same in a hundred variants of the template are parsed once. */
function parseOnce(path: string, text: string): Promise<Body> {
  const known = parsed.get(text) ?? (parse(path, text) as Promise<Body>);
  parsed.set(text, known);
  return known;
}

/**
 * Parses a template with HashiCorp's parser.
 * @throws what the parser says, with line and column, where a file is not Terraform's language.
 */
export async function parseTemplate(files: TemplateFiles): Promise<Template> {
  const modules: Record<string, Module> = {};
  for (const [path, text] of Object.entries(files)) {
    if (!path.endsWith('.tf')) continue;
    const folder = dirname(path);
    modules[folder] ??= emptyModule(folder);
    modules[folder].text += text;
    declare(modules[folder], await parseOnce(path, text));
  }
  return { files, root: modules['.'] ?? emptyModule('.'), modules };
}

function emptyModule(folder: string): Module {
  return {
    folder,
    text: '',
    resources: [],
    variables: {},
    outputs: {},
    locals: {},
    calls: {},
    providers: {},
    terraform: [],
  };
}

function declare(module: Module, file: Body): void {
  for (const [type, named] of Object.entries(blocks(file.resource))) {
    for (const [name, bodies] of Object.entries(named as Body)) {
      for (const body of bodies as Body[]) module.resources.push({ folder: module.folder, type, name, body });
    }
  }
  Object.assign(module.variables, firstOf(file.variable));
  Object.assign(module.outputs, firstOf(file.output));
  Object.assign(module.calls, firstOf(file.module));
  Object.assign(module.providers, firstOf(file.provider));
  for (const locals of bodiesOf(file.locals)) Object.assign(module.locals, locals);
  module.terraform.push(...bodiesOf(file.terraform));
}

const blocks = (value: Value | undefined): Body => (value ?? {}) as Body;

/** Of blocks with one label, the body by label. */
function firstOf(value: Value | undefined): Record<string, Body> {
  return Object.fromEntries(Object.entries(blocks(value)).map(([name, bodies]) => [name, (bodies as Body[])[0]!]));
}

export function isBody(value: Value | undefined): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Bodies of a block that may stand there several times, written out or made by a `dynamic` block. */
export function bodiesOf(value: Value | undefined): Body[] {
  return Array.isArray(value) ? value.filter(isBody) : [];
}

/** Bodies of the nested block `name`, whether written out or dynamic. */
export function nested(body: Body, name: string): Body[] {
  const dynamic = isBody(body.dynamic) ? bodiesOf(body.dynamic[name]) : [];
  return [...bodiesOf(body[name]), ...dynamic.flatMap((block) => bodiesOf(block.content))];
}

/** Every resource of `type` in the template. */
export function resourcesOf(template: Template, ...types: string[]): Resource[] {
  return Object.values(template.modules)
    .flatMap((module) => module.resources)
    .filter((resource) => types.includes(resource.type));
}

export const address = ({ folder, type, name }: Resource) =>
  folder === '.' ? `${type}.${name}` : `${folder} ${type}.${name}`;

/** An expression as the parser writes it. */
export const expression = (text: string): string => `\${${text}}`;

/** Name of the variable an expression consists of, such as "x" of `var.x`. */
export function variableOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? /^\$\{var\.(\w+)\}$/.exec(value)?.[1] : undefined;
}

/** What the root hands to a module's variable, in every call of it. */
export function passed(template: Template, folder: string, variable: string): Value[] {
  return Object.values(template.root.calls)
    .filter((call) => join(String(call.source)) === folder)
    .flatMap((call) => (call[variable] === undefined ? [] : [call[variable]]));
}

/**
 * Follows a value that is a module's variable to what the root hands over, and that to the default of the root's own
 * variable; other values are what they are. A variable without a default gives undefined.
 */
export function valuesOf(template: Template, folder: string, value: Value | undefined): (Value | undefined)[] {
  const variable = variableOf(value);
  if (variable === undefined) return [value];
  if (folder === '.') return [template.root.variables[variable]?.default];
  return passed(template, folder, variable).flatMap((handed) => valuesOf(template, '.', handed));
}
