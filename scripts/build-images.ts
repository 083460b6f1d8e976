// Makes dist/images/{app,notifier,hub,web}: what `oms deploy` copies to servers and builds there. `node scripts/build-images.ts`
// prints the size of each; with --contents also which packages are in it.
import { join } from 'node:path';
import { buildImages } from './images/contexts.ts';

const dist = join(import.meta.dirname, '..', 'dist');
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);

for (const { name, bytes, contents } of await buildImages(join(dist, 'images'), join(dist, 'apps', 'web', 'assets'))) {
  console.log(`image ${name}: ${megabytes(bytes)} MB on top of its base`);
  if (!process.argv.includes('--contents')) continue;
  for (const [from, size] of contents.slice(0, 15)) console.log(`  ${megabytes(size)} ${from}`);
}
