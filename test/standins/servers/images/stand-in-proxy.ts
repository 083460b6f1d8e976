import { existsSync } from 'node:fs';
import { join } from 'node:path';

const BUNDLE = join(import.meta.dirname, '..', '..', 'traefik', 'bundle.ts');

/**
 * Writes the stand-in proxy's program into a folder.
 * @returns the folder; undefined in a checkout without the stand-in.
 */
export async function bundleStandInProxy(folder: string): Promise<string | undefined> {
  if (!existsSync(BUNDLE)) return undefined;
  const { bundleTraefik } = (await import(BUNDLE)) as { bundleTraefik(folder: string): Promise<void> };
  await bundleTraefik(folder);
  return folder;
}
