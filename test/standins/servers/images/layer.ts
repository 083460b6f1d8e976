import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { run } from '../../../../src/adapters/exec/run.ts';

/** A blob as a registry names it. */
export interface Blob {
  digest: string;
  size: number;
  /** Of a layer: which version of its program is in it. */
  annotations?: Record<string, string>;
}

export interface Layer extends Blob {
  file: string;
}

export const digestOf = (content: string | Uint8Array) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest('hex')}`;
}

/**
 * Writes a folder's files as an image layer: the same files give the same bytes, whenever they were made. Not compressed:
 * it goes over a bridge of this machine, and its digest is then also the one of its content.
 */
export async function writeLayer(folder: string, file: string): Promise<Layer> {
  const same = ['--sort=name', '--mtime=@0', '--numeric-owner', '--format=gnu'];
  await run({ file: 'tar', args: ['--create', '--file', file, ...same, '--directory', folder, '.'] });
  const [{ size }, digest] = await Promise.all([stat(file), fileDigest(file)]);
  return { file, size, digest };
}
