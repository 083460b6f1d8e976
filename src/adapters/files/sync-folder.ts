import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { Type } from 'typebox';
import { writeFileAtomically } from '../../../lib/runtime/supervision.ts';
import { readJson, writeJson } from './json.ts';

/** Names the files that came from us, so that the next version takes its own away and no others. */
const MANIFEST = '.oms-files.json';

/** Paths of all files below a folder, relative to it; none when it is not there. */
async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** A manifest is a file like any other: what it names outside of the folder is left alone. */
const staysInside = (path: string) => !isAbsolute(path) && !normalize(path).split(sep).includes('..');

async function removeFormer(target: string, wanted: ReadonlySet<string>): Promise<void> {
  const former = (await readJson(join(target, MANIFEST), Type.Array(Type.String()))) ?? [];
  const gone = former.filter((path) => staysInside(path) && !wanted.has(normalize(path)));
  for (const path of gone) await rm(join(target, path), { force: true });
}

/**
 * Makes `target` hold the files of the sources, later ones over earlier ones, readable by its owner alone. What an
 * earlier call put there and none of the sources has any more is removed; other files stay.
 * @param skip paths of a source, relative to it, that are not taken.
 */
export async function syncFolder(
  sources: readonly string[],
  target: string,
  skip: (path: string) => boolean = () => false,
): Promise<void> {
  const files = new Map<string, string>();
  for (const source of sources) {
    for (const path of await filesBelow(source)) if (!skip(path)) files.set(path, join(source, path));
  }
  await mkdir(target, { recursive: true, mode: 0o700 });
  await removeFormer(target, new Set(files.keys()));
  for (const [path, source] of files) {
    const file = join(target, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    writeFileAtomically(file, await readFile(source, 'utf8'));
  }
  writeJson(join(target, MANIFEST), [...files.keys()]);
}

/** Files of a synced folder that did not come from there. */
export async function strangersIn(target: string): Promise<string[]> {
  const own = new Set(await readJson(join(target, MANIFEST), Type.Array(Type.String())));
  return (await filesBelow(target)).filter((path) => !own.has(path) && path !== MANIFEST);
}
