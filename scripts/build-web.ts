// Builds what browsers get: dist/apps/web/assets with names made from the content, a manifest and compressed siblings.
// `node scripts/build-web.ts [folder]`
import { join } from 'node:path';
import { buildWebAssets } from './web/build-assets.ts';

const root = join(import.meta.dirname, '..');
await buildWebAssets(process.argv[2] ?? join(root, 'dist', 'apps', 'web', 'assets'));
