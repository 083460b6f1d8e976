import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLayers, layerKey } from './build-layers.ts';
import { type Kind, kindOf, type LayerName } from './kinds.ts';
import type { Blob, Layer } from './layer.ts';
import { describeImage } from './manifest.ts';
import { parseReference } from './reference.ts';
import type { RegistryClient } from './registry-client.ts';

/** Keeps what is made, under hashes of what it is made from; the images' own names lead to it. */
const STORE = 'oms-lab/layers';

export interface StandInOptions {
  registry: RegistryClient;
  mirror: string;
  /** A real folder for the moment. */
  folder: string;
  /** Folder with the stand-in proxy's program in one file. */
  traefik?: string | undefined;
  report: (activity: string) => void;
}

/** An image by its unmodified name, and what is in its place. */
export interface StandInImage {
  name: string;
  standIn: string;
}

type Brought = Partial<Record<LayerName, string>>;

/** Where a layer is told of: the manifest of an image that has nothing but it. */
async function keptLayer(registry: RegistryClient, name: LayerName, key: string): Promise<Blob | undefined> {
  const manifest = await registry.manifest(STORE, `${name}-${key}`);
  return manifest === undefined ? undefined : (JSON.parse(manifest) as { layers: Blob[] }).layers[0];
}

async function keepLayer(registry: RegistryClient, name: LayerName, key: string, layer: Layer): Promise<Blob> {
  const { manifest, config } = describeImage({}, [layer], {});
  await registry.pushBlob(STORE, layer.digest, { file: layer.file });
  await registry.pushBlob(STORE, config.blob.digest, { content: config.content });
  await registry.pushManifest(STORE, `${name}-${key}`, manifest);
  const { digest, size, annotations } = layer;
  return annotations ? { digest, size, annotations } : { digest, size };
}

/** Every layer by its name in the registry's store; what is not there is made. */
async function provideLayers(names: readonly LayerName[], brought: Brought, options: StandInOptions) {
  const { registry, mirror, folder, report } = options;
  const keys = new Map<LayerName, string>();
  const blobs = new Map<LayerName, Blob>();
  for (const name of names) {
    keys.set(name, await layerKey(name, brought[name]));
    const kept = await keptLayer(registry, name, keys.get(name)!);
    if (kept) blobs.set(name, kept);
  }
  const missing = names.filter((name) => !blobs.has(name));
  if (missing.length === 0) return blobs;
  report(`making layers of stand-in images (once): ${missing.join(', ')}`);
  const scratch = await mkdtemp(join(folder, 'layers-'));
  try {
    const made = await buildLayers(missing, { mirror, scratch, brought });
    for (const [name, layer] of made) blobs.set(name, await keepLayer(registry, name, keys.get(name)!, layer));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return blobs;
}

async function nameImage(registry: RegistryClient, name: string, kind: Kind, layers: readonly Blob[]) {
  const { repository, tag } = parseReference(name);
  const standIn = [kind.what, layers[1]?.annotations?.version].filter(Boolean).join(' ');
  const label = { 'oms.stand-in': `stand-in for ${name}: ${standIn}` };
  const { manifest, config } = describeImage(kind.settings, layers, label);
  if ((await registry.manifest(repository, tag)) === manifest) return { name, standIn };
  for (const { digest } of layers) await registry.mountBlob(repository, digest, STORE);
  await registry.pushBlob(repository, config.blob.digest, { content: config.content });
  await registry.pushManifest(repository, tag, manifest);
  return { name, standIn };
}

/**
 * Puts stand-ins into the registry under the unmodified names of the images.
 * @returns those that have one; a name without stays unknown to the registry.
 */
export async function provideStandIns(names: readonly string[], options: StandInOptions): Promise<StandInImage[]> {
  const { registry, traefik } = options;
  const withKind = names.flatMap((name) => {
    const kind = kindOf(parseReference(name));
    const isThere = kind && (!kind.layers.includes('traefik') || traefik !== undefined);
    return isThere ? [{ name, kind }] : [];
  });
  const needed = [...new Set(withKind.flatMap(({ kind }) => kind.layers))];
  const layers = await provideLayers(needed, traefik ? { traefik } : {}, options);
  const images: StandInImage[] = [];
  for (const { name, kind } of withKind) {
    const blobs = kind.layers.map((layer) => layers.get(layer)!);
    images.push(await nameImage(registry, name, kind, blobs));
  }
  return images;
}
