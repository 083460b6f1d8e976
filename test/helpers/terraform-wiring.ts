import { join } from 'node:path';
import type { Module, Rule, Template, Value } from './terraform-template.ts';

/** Of a module call, what is no variable of the module. */
const META = new Set(['source', 'count', 'for_each', 'depends_on', 'providers', 'version']);

const modulesOf = (template: Template): Module[] => Object.values(template.modules);
const name = ({ folder }: Module) => (folder === '.' ? 'root' : folder);

/** Every call names a module that exists and hands over all it asks for and nothing else. */
export const callsFitTheirModules: Rule = (template) =>
  Object.entries(template.root.calls).flatMap(([label, call]) => {
    const module = template.modules[join(String(call.source))];
    if (!module) return [`module ${label}: ${String(call.source)} does not exist`];
    const given = Object.keys(call).filter((argument) => !META.has(argument));
    const wanted = Object.entries(module.variables).filter(([, variable]) => !('default' in variable));
    return [
      ...given.filter((argument) => !module.variables[argument]).map((it) => `module ${label}: no variable ${it}`),
      ...wanted.filter(([variable]) => !given.includes(variable)).map(([it]) => `module ${label}: ${it} is missing`),
    ];
  });

export const modulesAreCalled: Rule = (template) => {
  const called = Object.values(template.root.calls).map((call) => join(String(call.source)));
  return modulesOf(template)
    .filter((module) => module.folder !== '.' && !called.includes(module.folder))
    .map((module) => `${module.folder}: nothing calls this module`);
};

/** Code alone: a comment or a description may speak of anything. */
function codeOf({ text }: Module): string {
  return text.replaceAll(/^\s*#.*$/gm, '').replaceAll(/^\s*(?:description|error_message)\s*=.*$/gm, '');
}

function referencesOf(module: Module, pattern: RegExp): Set<string> {
  return new Set([...codeOf(module).matchAll(pattern)].map((match) => match[1]!));
}

/** Every `var.x` is declared, and what is declared is used. */
export const variablesAreDeclaredAndUsed: Rule = (template) =>
  modulesOf(template).flatMap((module) => {
    const used = referencesOf(module, /\bvar\.(\w+)/g);
    const declared = Object.keys(module.variables);
    const idle = declared.filter((variable) => !usedOutsideValidation(module, variable));
    return [
      ...[...used].filter((it) => !declared.includes(it)).map((it) => `${name(module)}: var.${it} is not declared`),
      ...idle.map((it) => `${name(module)}: variable ${it} is never used`),
    ];
  });

/** A variable's own validation is no use of it. */
function usedOutsideValidation(module: Module, variable: string): boolean {
  const own = new RegExp(`^variable "${variable}" \\{.*?^\\}`, 'ms');
  return new RegExp(`\\bvar\\.${variable}\\b`).test(codeOf(module).replace(own, ''));
}

export const localsAreDeclared: Rule = (template) =>
  modulesOf(template).flatMap((module) =>
    [...referencesOf(module, /\blocal\.(\w+)/g)]
      .filter((local) => !(local in module.locals))
      .map((local) => `${name(module)}: local.${local} is not declared`),
  );

/** Every `module.x.y` is an output of that module. */
export const outputsExist: Rule = (template) =>
  [...codeOf(template.root).matchAll(/\bmodule\.(\w+)(?:\[[^\]]*\])?\.(\w+)/g)].flatMap(([, label, output]) => {
    const call = template.root.calls[label!];
    if (!call) return [`root: module ${label} is not called`];
    const module = template.modules[join(String(call.source))];
    return module?.outputs[output!] ? [] : [`root: module ${label} has no output ${output}`];
  });

const isText = (value: Value | undefined) => typeof value === 'string' && value.length >= 10 && value.endsWith('.');

/** Who reads a module reads its variables and outputs first. */
export const everythingIsDescribed: Rule = (template) =>
  modulesOf(template).flatMap((module) => [
    ...Object.entries(module.variables)
      .filter(([, variable]) => !isText(variable.description) || variable.type === undefined)
      .map(([it]) => `${name(module)}: variable ${it} has no description or no type`),
    ...Object.entries(module.outputs)
      .filter(([, output]) => !isText(output.description))
      .map(([it]) => `${name(module)}: output ${it} has no description`),
  ]);

/** Three files a module, so that one knows where to look, and what is declared in each. */
const FILES: Readonly<Record<string, RegExp>> = {
  'main.tf': /^(?:resource|module) "/m,
  'variables.tf': /^variable "/m,
  'outputs.tf': /^output "/m,
};

export const modulesHaveTheirFiles: Rule = (template) =>
  modulesOf(template).flatMap(({ folder }) =>
    Object.entries(FILES)
      .filter(([file, declaration]) => !declaration.test(template.files[join(folder, file)] ?? ''))
      .map(([file]) => `${folder}: ${file} declares none`),
  );

export const WIRING_RULES: Readonly<Record<string, Rule>> = {
  callsFitTheirModules,
  modulesAreCalled,
  variablesAreDeclaredAndUsed,
  localsAreDeclared,
  outputsExist,
  everythingIsDescribed,
  modulesHaveTheirFiles,
};
