import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OTHERS_IMAGES } from '../../../../src/stages/deploy/services.ts';
import { fromLines } from './reference.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** Folders with the build contexts of our own images, as they are in the checkout and as they are built. */
const CONTEXTS = ['templates/compose/images', 'dist/images'];

async function dockerfiles(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => /(?:^|\/)Dockerfile[^/]*$/.test(name)).map((name) => join(folder, name));
}

/** Every image of somebody else's that a deployment pulls: services of compose.yaml, and what our own are built on. */
export async function imagesOfTheSite(): Promise<string[]> {
  const files = (await Promise.all(CONTEXTS.map((folder) => dockerfiles(join(ROOT, folder))))).flat();
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return [...new Set([...Object.values(OTHERS_IMAGES), ...texts.flatMap(fromLines)])];
}
