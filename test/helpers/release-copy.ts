import { appendFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const PARTS = ['bin', 'dist', 'templates', 'schemas', 'package.json', 'oclif.manifest.json'];
/** What runs in the images, below dist/images. */
const PROGRAMS = ['producer', 'consumer', 'pages'].map((name) => `app/app/${name}.js`);
const CONFIGURATION = 'web/nginx/nginx.conf';

function copyTo(folder: string): { program: string; at: (file: string) => string } {
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return { program: join(folder, 'bin', 'run.js'), at: (file) => join(folder, 'dist', 'images', file) };
}

/** The `oms` that `npm run build` has made. */
export const BUILT = join(ROOT, 'bin', 'run.js');

/** @returns an `oms` whose release differs in every part that has an image of its own. */
export function nextRelease(folder: string, name: string): string {
  const { program, at } = copyTo(folder);
  for (const file of PROGRAMS) appendFileSync(at(file), `\n// ${name}\n`);
  appendFileSync(at(CONFIGURATION), `\n# ${name}\n`);
  return program;
}

/** @returns an `oms` whose order API runs and never answers. */
export function badRelease(folder: string): string {
  const { program, at } = copyTo(folder);
  writeFileSync(at('app/app/producer.js'), 'setInterval(() => undefined, 1000);\n');
  return program;
}
