import { dirname, join } from 'node:path';
import type { SiteOptions } from '../../config/deploy-options.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { formatBytes } from '../../ui/format.ts';
import { runSteps } from '../../ui/steps.ts';
import { makeRelease } from './make-release.ts';
import { resolveSite } from './resolve-site.ts';
import { readSite } from './saved-site.ts';
import { OWN_IMAGES } from './services.ts';
import type { Site } from './site.ts';

export interface SavedImages {
  file: string;
  bytes: number;
  references: string[];
}

const isOwn = (name: string) => OWN_IMAGES.some((image) => image === name);

/** Which images there are does not depend on servers: a machine that knows nothing of the site is not asked for them. */
async function imagesSite(options: SiteOptions, context: Context): Promise<Site> {
  const isKnown = options.hosts !== undefined || (await readSite(context.settings.dir, options.env)) !== undefined;
  return resolveSite(isKnown ? options : { ...options, target: 'local' }, context);
}

/**
 * Writes all images a site needs into one file, with the Docker of this machine, for servers that reach no registry:
 * `oms deploy --images FILE` brings it to them.
 * @throws {OmsError} tool_missing where Docker fails, with what it said.
 */
export async function saveImages(options: SiteOptions, file: string, context: Context): Promise<SavedImages> {
  const site = await imagesSite(options, context);
  // Images do not depend on secrets, which the machine with Docker has no need to have.
  const { release, images } = await makeRelease(site, { hashes: {} }, context);
  const wanted = Object.entries(release.images).map(([name, reference]) => ({
    reference,
    context: isOwn(name) ? join(images, name) : null,
  }));
  const saved: SavedImages = { file, bytes: 0, references: wanted.map(({ reference }) => reference) };
  const run = async (_: SavedImages, report: (activity: string) => void) => {
    const { machine, signal } = context;
    saved.bytes = await machine.saveImageArchive(wanted, file, { report, signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new OmsError('tool_missing', 'the images could not be saved with the Docker of this machine', {
        why: messageOf(error),
        next: ['docker version', `df -h ${dirname(file)}`],
        cause: error,
      });
    });
    return formatBytes(saved.bytes);
  };
  await runSteps(context.terminal, saved, [{ title: `saving ${wanted.length} images`, run }]);
  context.terminal.print(
    `${file}   ${formatBytes(saved.bytes)}\nnext     oms deploy --env ${site.name} --images ${file}`,
  );
  return saved;
}
