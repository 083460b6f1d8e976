import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildWebAssets } from '../../../../scripts/web/build-assets.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';

/** Of everything that a page of the shop may load, compressed. */
const SCRIPT_BUDGET = 15 * 1_024;
const STYLE_BUDGET = 8 * 1_024;

test('the assets are small, named by their content, listed, and lie there compressed as well', async (t) => {
  const [one, other] = [join(tempFolder(t), 'a'), join(tempFolder(t), 'b')];
  await Promise.all([buildWebAssets(one), buildWebAssets(other)]);
  const files = readdirSync(one).sort();
  assert.deepEqual(readdirSync(other).sort(), files);
  const manifest = JSON.parse(readFileSync(join(one, 'manifest.json'), 'utf8')) as Record<string, string>;
  assert.ok(manifest['main.css'] && manifest['main.js'] && manifest['icon.svg']);
  const sizes = { js: 0, css: 0, svg: 0 };
  for (const [name, url] of Object.entries(manifest)) {
    const [, file, extension] = /^\/assets\/(.+\.[0-9a-f]{12}\.(js|css|svg))$/.exec(url)!;
    const content = readFileSync(join(one, file!));
    const gzipped = readFileSync(join(one, `${file}.gz`));
    assert.deepEqual(gunzipSync(gzipped), content, name);
    assert.deepEqual(brotliDecompressSync(readFileSync(join(one, `${file}.br`))), content, name);
    sizes[extension as keyof typeof sizes] += gzipped.length;
  }
  assert.ok(sizes.js <= SCRIPT_BUDGET, `${sizes.js} bytes of scripts`);
  assert.ok(sizes.css <= STYLE_BUDGET, `${sizes.css} bytes of styles`);
});
