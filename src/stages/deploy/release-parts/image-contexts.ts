import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { OmsError } from '../../../errors.ts';
import { OWN_IMAGES, type OwnImage } from '../services.ts';

/** Paths of all files below a folder, relative to it and with slashes, in an order that no locale changes. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/**
 * Hash of what is in a folder: names, contents and who may execute; times and owners are left out, so that another
 * machine comes to the same one.
 */
export async function hashFolder(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await filesBelow(folder)) {
    const file = join(folder, path);
    const [content, { mode }] = [await readFile(file), await stat(file)];
    const digest = createHash('sha256').update(content).digest('hex');
    hash.update(`${path}\0${mode & 0o100 ? 'x' : '-'}\0${digest}\n`);
  }
  return hash.digest('hex');
}

const TAG_DIGITS = 12;

/**
 * References of our own images by what is in their contexts: `oms-app:<12 hex>`.
 * @param folder with one context each.
 * @throws {OmsError} not_found where they have not been built.
 */
export async function ownImages(folder: string): Promise<Record<OwnImage, string>> {
  const references = await Promise.all(
    OWN_IMAGES.map(async (name): Promise<[OwnImage, string]> => {
      const context = join(folder, name);
      const built = await stat(join(context, 'Dockerfile')).catch(() => undefined);
      if (!built) throw notBuilt(context);
      return [name, `oms-${name}:${(await hashFolder(context)).slice(0, TAG_DIGITS)}`];
    }),
  );
  return Object.fromEntries(references) as Record<OwnImage, string>;
}

const notBuilt = (context: string) =>
  new OmsError('not_found', 'the images of the apps have not been built', {
    why: `there is no ${join(context, 'Dockerfile')}`,
    next: ['npm run build'],
  });
