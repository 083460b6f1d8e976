import { bundleTraefik } from '../../traefik/bundle.ts';

/**
 * Writes the program of the checkout's stand-in proxy into a folder, as `traefik`.
 * @returns the folder
 */
export async function bundleStandInProxy(folder: string): Promise<string> {
  await bundleTraefik(folder);
  return folder;
}
