import { rename, rm, stat } from 'node:fs/promises';
import { run } from '../exec/run.ts';

/** An image by reference: built from a folder, or pulled where there is none. */
export interface WantedImage {
  reference: string;
  context: string | null;
}

/** What ends a docker command that is in the way of a Ctrl-C. */
interface Options {
  report: (activity: string) => void;
  signal: AbortSignal;
}

async function isThere(reference: string, signal: AbortSignal): Promise<boolean> {
  const args = ['image', 'inspect', '--format', '{{.Id}}', reference];
  return run({ file: 'docker', args, signal }).then(
    () => true,
    () => false,
  );
}

async function provideImage({ reference, context }: WantedImage, { report, signal }: Options): Promise<void> {
  if (await isThere(reference, signal)) return;
  report(`${context ? 'building' : 'pulling'} ${reference}`);
  const args = context ? ['build', '--quiet', '--tag', reference, context] : ['pull', '--quiet', reference];
  await run({ file: 'docker', args, signal });
}

/**
 * Writes images into one archive for `docker load`, with the Docker of this machine; what it lacks is built or pulled
 * first. An archive that is there is replaced only by a whole one.
 * @returns size of the archive in bytes.
 * @throws {CommandFailed} with what docker said.
 */
export async function saveImageArchive(
  images: readonly WantedImage[],
  file: string,
  options: Options,
): Promise<number> {
  for (const image of images) await provideImage(image, options);
  const part = `${file}.part`;
  options.report(`writing ${file}`);
  try {
    const args = ['save', '--output', part, ...images.map(({ reference }) => reference)];
    await run({ file: 'docker', args, signal: options.signal });
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
  return (await stat(file)).size;
}
