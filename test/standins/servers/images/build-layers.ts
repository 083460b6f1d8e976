import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Apt } from '../../../../src/adapters/packages/apt.ts';
import type { LayerName } from './kinds.ts';
import { type Layer, writeLayer } from './layer.ts';
import { FILES, type LayerRecipe, RECIPES } from './layer-roots.ts';
import { aptForSuite, closureOf, unpackInto, versionAmong } from './suite-packages.ts';

/** The one release with MySQL; all layers are of it, so that they share their libraries. */
const SUITE = 'sid';

/** Raised when how a layer is made changes. */
const RECIPE_VERSION = 1;

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A hash of what a layer is made from; `extra` is a folder with the program that the caller brought. */
export async function layerKey(name: LayerName, extra?: string): Promise<string> {
  const hash = createHash('sha256');
  const recipe = RECIPES[name];
  hash.update(JSON.stringify([RECIPE_VERSION, SUITE, name, process.arch, recipe.packages, recipe.drop]));
  if (name === 'node') hash.update(process.version);
  if (name === 'azurite') hash.update(await azuriteVersion());
  for (const folder of [join(FILES, name), ...(extra ? [extra] : [])]) {
    for (const file of await filesBelow(folder)) hash.update(file.slice(folder.length)).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 12);
}

async function azuriteVersion(): Promise<string> {
  const file = join(import.meta.dirname, '../../../../node_modules/azurite/package.json');
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}

/** @returns the version of the layer's program, where it is a package's. */
async function fill(root: string, name: LayerName, { apt, base, extra, scratch }: FillOptions) {
  const recipe: LayerRecipe = RECIPES[name];
  const closure = await closureOf(apt, recipe.packages);
  const wanted = closure.filter((item) => !recipe.without?.test(item) && (name === 'base' || !base.has(item)));
  const debs = await unpackInto(root, join(scratch, `${name}-debs`), apt, wanted);
  for (const path of recipe.drop ?? []) await rm(join(root, path), { recursive: true, force: true });
  const files = join(FILES, name);
  if (existsSync(files)) await cp(files, root, { recursive: true });
  if (extra) await cp(join(extra, 'traefik'), join(root, 'usr/local/bin/traefik'));
  await recipe.finish?.(root);
  return versionAmong(debs, recipe.packages[0] ?? '');
}

interface FillOptions {
  apt: Apt;
  /** Packages of the base layer, which no other layer has again. */
  base: ReadonlySet<string>;
  extra: string | undefined;
  scratch: string;
}

/**
 * Makes layers below a scratch folder, from the packages of Debian sid, npm and the files beside this one.
 * @param brought a folder a layer: the stand-in proxy's program.
 */
export async function buildLayers(
  names: readonly LayerName[],
  { mirror, scratch, brought }: { mirror: string; scratch: string; brought: Partial<Record<LayerName, string>> },
): Promise<Map<LayerName, Layer>> {
  const apt = await aptForSuite(join(scratch, 'apt'), mirror, SUITE);
  const base = new Set(await closureOf(apt, RECIPES.base.packages));
  const make = async (name: LayerName): Promise<[LayerName, Layer]> => {
    const root = join(scratch, name);
    await mkdir(root, { recursive: true });
    const version = await fill(root, name, { apt, base, extra: brought[name], scratch });
    const layer = await writeLayer(root, join(scratch, `${name}.tar`));
    return [name, version ? { ...layer, annotations: { version } } : layer];
  };
  return new Map(await Promise.all(names.map(make)));
}
