import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Three folders up from here is the package's root in a checkout and its dist folder in a release. */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The file that starts an app: TypeScript when this runs from source, JavaScript when it runs from dist. */
export function appEntry(name: string): string | undefined {
  const entry = join(ROOT, 'apps', name, `main${extname(import.meta.url)}`);
  return existsSync(entry) ? entry : undefined;
}

/** The blob service of the azurite package, alone. */
export function blobServiceEntry(): string {
  return createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
}
