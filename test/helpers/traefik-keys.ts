import { readFileSync } from 'node:fs';

interface Tree {
  [name: string]: Tree;
}

const KEYS = JSON.parse(readFileSync(new URL('../fixtures/traefik/keys.json', import.meta.url), 'utf8')) as {
  static: Tree;
  dynamic: Tree;
};

function visit(tree: Tree, value: unknown, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    // A list of plain values has no names below it.
    if (tree['[]']) for (const item of value) visit(tree['[]'], item, `${path}[]`, unknown);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  for (const [name, below] of Object.entries(value)) {
    const known = Object.hasOwn(tree, name) ? tree[name] : tree['*'];
    const here = path ? `${path}.${name}` : name;
    if (known) visit(known, below, here, unknown);
    else unknown.push(here);
  }
}

/** Paths in a parsed file that Traefik does not know. */
export function unknownTraefikKeys(kind: 'static' | 'dynamic', value: unknown): string[] {
  const unknown: string[] = [];
  visit(KEYS[kind], value, '', unknown);
  return unknown;
}
