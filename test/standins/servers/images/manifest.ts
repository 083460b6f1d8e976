import type { ImageSettings } from './kinds.ts';
import { type Blob, digestOf } from './layer.ts';

const TYPES = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};
export const MANIFEST_TYPE = TYPES.manifest;

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/** A manifest with the configuration it names. */
export interface Image {
  manifest: string;
  config: { content: string; blob: Blob };
}

/** An image of layers that are not compressed, in the order they lie on each other; the same input gives the same bytes. */
export function describeImage(settings: ImageSettings, layers: readonly Blob[], labels: Record<string, string>): Image {
  const content = JSON.stringify({
    architecture: ARCHITECTURES[process.arch] ?? process.arch,
    os: 'linux',
    config: { ...settings, Labels: labels },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  });
  const blob = { digest: digestOf(content), size: Buffer.byteLength(content) };
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: TYPES.manifest,
    config: { mediaType: TYPES.config, ...blob },
    layers: layers.map(({ digest, size, annotations }) => ({
      mediaType: TYPES.layer,
      digest,
      size,
      ...(annotations && { annotations }),
    })),
  });
  return { manifest, config: { content, blob } };
}
