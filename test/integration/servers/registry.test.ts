import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { messageOf } from '../../../src/errors.ts';
import { keepPort } from '../../helpers/kept-port.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';
import { writeLayer } from '../../standins/servers/images/layer.ts';
import { describeImage } from '../../standins/servers/images/manifest.ts';
import { RegistryClient } from '../../standins/servers/images/registry-client.ts';
import { labPlaces } from '../../standins/servers/places.ts';
import { killNow, startLogged } from '../../standins/servers/process.ts';
import { registryProgram, registrySettings } from '../../standins/servers/registry.ts';

/** Debian's docker-registry on this machine's loopback; undefined where its package cannot be had. */
async function startRegistry(t: TestContext): Promise<{ client: RegistryClient; url: string } | undefined> {
  const folder = tempFolder(t);
  const places = labPlaces(join(import.meta.dirname, '..', '..', '..', '.oms', 'cache', 'lab'));
  const program = await registryProgram(places).catch((error: unknown) => {
    t.diagnostic(`docker-registry: not run (${messageOf(error)})`);
    return undefined;
  });
  if (program === undefined) return undefined;
  const address = `127.0.0.1:${await keepPort()}`;
  writeFileSync(join(folder, 'registry.yml'), registrySettings(join(folder, 'storage'), address));
  const child = startLogged({ file: program, args: ['serve', join(folder, 'registry.yml')] }, join(folder, 'log'));
  t.after(() => killNow(child));
  const url = `http://${address}/`;
  const client = new RegistryClient(url);
  await until('the registry answers', () => client.answers());
  return { client, url };
}

test('an image is written straight into a registry, which then has it under another name without a copy', async (t) => {
  const registry = await startRegistry(t);
  if (!registry) return;
  const { client, url } = registry;
  const folder = tempFolder(t);
  mkdirSync(join(folder, 'root'));
  writeFileSync(join(folder, 'root', 'file'), 'content');
  const layer = await writeLayer(join(folder, 'root'), join(folder, 'layer.tar'));
  const { manifest, config } = describeImage({ Cmd: ['true'] }, [layer], {});
  await client.pushBlob('store/one', layer.digest, { file: layer.file });
  await client.pushBlob('store/one', config.blob.digest, { content: config.content });
  await client.pushManifest('store/one', '1', manifest);

  await client.mountBlob('library/one', layer.digest, 'store/one');
  await client.pushBlob('library/one', config.blob.digest, { content: config.content });
  await client.pushManifest('library/one', '2', manifest);
  assert.equal(await client.manifest('library/one', '2'), manifest);
  const blob = await fetch(new URL(`/v2/library/one/blobs/${layer.digest}`, url));
  assert.deepEqual(Buffer.from(await blob.arrayBuffer()), readFileSync(layer.file));

  assert.equal(await client.manifest('library/one', '3'), undefined);
  await assert.rejects(client.pushManifest('library/two', '1', manifest), /library\/two:1 with 400: .*BLOB_UNKNOWN/);
});
