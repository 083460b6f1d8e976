import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Three folders up from here is the package's root in a checkout and its dist folder in a release. */
const BUILD = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The folder with package.json, which is also where templates/ is. */
const PACKAGE = existsSync(join(BUILD, 'package.json')) ? BUILD : dirname(BUILD);

/** A folder of templates/ that came with this version. */
export const templateFolder = (name: string): string => join(PACKAGE, 'templates', name);

/** The version of oms, such as "0.1.0". */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Build contexts of our own images, one folder each; made by `npm run build`. */
export const imagesFolder = (): string => join(PACKAGE, 'dist', 'images');
