import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { tempFolder } from '../../../../helpers/temp-folder.ts';
import { digestOf, writeLayer } from '../../../../standins/servers/images/layer.ts';
import { describeImage } from '../../../../standins/servers/images/manifest.ts';
import { versionAmong } from '../../../../standins/servers/images/suite-packages.ts';

async function layerOf(t: TestContext, names: readonly string[], time: number) {
  const folder = tempFolder(t);
  const root = join(folder, 'root');
  mkdirSync(join(root, 'etc'), { recursive: true });
  for (const name of names) {
    writeFileSync(join(root, 'etc', name), name, { mode: 0o640 });
    utimesSync(join(root, 'etc', name), time, time);
  }
  symlinkSync('etc', join(root, 'link'));
  return writeLayer(root, join(folder, 'layer.tar'));
}

suite('a layer', () => {
  test('has the same bytes whenever and in whichever order its files were made', async (t) => {
    const one = await layerOf(t, ['a', 'b'], 1_000);
    const other = await layerOf(t, ['b', 'a'], 2_000);
    assert.equal(one.digest, other.digest);
    assert.equal(one.digest, digestOf(readFileSync(one.file)));
    assert.equal(one.size, readFileSync(one.file).length);
  });

  test('keeps modes and links', async (t) => {
    const { file } = await layerOf(t, ['a'], 1_000);
    const listed = execFileSync('tar', ['--list', '--verbose', '--file', file]).toString();
    assert.match(listed, /-rw-r----- 0\/0|-rw-r----- \d+\/\d+/);
    assert.match(listed, /\.\/link -> etc/);
  });
});

test('an image names its configuration and layers by their digests', () => {
  const layer = { digest: digestOf('layer'), size: 5, annotations: { version: '9.7.4' } };
  const { manifest, config } = describeImage({ Cmd: ['mysqld'] }, [layer], { 'oms.stand-in': 'x' });
  const { config: named, layers } = JSON.parse(manifest);
  assert.deepEqual({ digest: named.digest, size: named.size }, config.blob);
  assert.equal(config.blob.digest, digestOf(config.content));
  assert.deepEqual([layers[0].digest, layers[0].annotations], [layer.digest, layer.annotations]);
  const { rootfs, config: settings } = JSON.parse(config.content);
  // Not compressed: what is stored is what is unpacked.
  assert.deepEqual(rootfs.diff_ids, [layer.digest]);
  assert.deepEqual(settings, { Cmd: ['mysqld'], Labels: { 'oms.stand-in': 'x' } });
});

test("a package's version stands in its file's name", () => {
  const files = ['libc6_2.43-7_amd64.deb', 'mysql-server-core_9.7.4-2_amd64.deb', 'zlib1g_1%3a1.3.2+dfsg-4_amd64.deb'];
  assert.equal(versionAmong(files, 'mysql-server-core'), '9.7.4');
  assert.equal(versionAmong(files, 'zlib1g'), '1.3.2+dfsg');
  assert.equal(versionAmong(files, 'nginx'), undefined);
});
