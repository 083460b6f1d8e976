// Gives dist/ a typebox of three files. As published it is 680 files, and opening them cost every command 200 ms of CPU
// (docs/decisions/0007-typebox-in-one-piece.md). Sources and tests use the package as it is.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

const dist = join(import.meta.dirname, '..', 'dist');
const entries = { typebox: 'typebox', 'typebox-compile': 'typebox/compile', 'typebox-value': 'typebox/value' };

await build({
  entryPoints: entries,
  outdir: join(dist, 'vendor'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  legalComments: 'linked',
});

for (const file of globSync(join(dist, '{src,apps,lib}/**/*.js'))) {
  const text = readFileSync(file, 'utf8');
  const rewritten = text.replace(/from '(typebox(?:\/compile|\/value)?)'/g, (_, specifier: string) => {
    const vendor = join(dist, 'vendor', `${specifier.replace('/', '-')}.js`);
    return `from './${relative(dirname(file), vendor)}'`;
  });
  if (rewritten !== text) writeFileSync(file, rewritten);
}
