import { readFile, stat } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { visible } from '../../ui/visible.ts';
import { Site, sitePaths } from './site.ts';
import { siteProblems } from './site-problems.ts';

const validator = Compile(Site);

/** A site is a hundredth of this. */
const MOST_BYTES = 1_000_000;

function corrupt(file: string, name: string, why: string): OmsError {
  return new OmsError('input_file', `${file} cannot be used as what is known of the site ${name}`, {
    why,
    next: [
      'put the file back from a copy',
      `or move it away and call "oms deploy --env ${name}" with the flags it was deployed with: what runs on the servers is found again`,
    ],
  });
}

async function readText(file: string, name: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw corrupt(file, name, messageOf(error));
  }
}

function problemOf(value: unknown, name: string): string | undefined {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1) return `it was written by a newer oms (version ${version})`;
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value);
    return `${first?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${first?.message}`;
  }
  if (value.name !== name) return `it is about another environment, ${JSON.stringify(value.name.slice(0, 20))}`;
  return siteProblems(value)[0];
}

/**
 * What was said of a site; undefined when it was never deployed from here.
 * @param dir the folder of everything of ours (Settings.dir).
 * @throws {OmsError} input_file when there is a file that is damaged: it is never passed over.
 */
export async function readSite(dir: string, name: string): Promise<Site | undefined> {
  const file = sitePaths(dir, name).site;
  const text = await readText(file, name);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(file, name, `it is no JSON: ${visible(messageOf(error))}`);
  }
  const problem = problemOf(value, name);
  if (problem !== undefined) throw corrupt(file, name, problem);
  return value as Site;
}

/** Keeps what a site is made of for the next call; written before anything on a server is changed. */
export async function saveSite(site: Site, context: Pick<Context, 'settings' | 'machine'>): Promise<void> {
  const paths = sitePaths(context.settings.dir, site.name);
  await context.machine.makeFolder(paths.folder);
  context.machine.writeJson(paths.site, site);
}

/**
 * A site that was deployed, or begun, from this folder.
 * @throws {OmsError} not_deployed where nothing is known of it; input_file where what is known is damaged.
 */
export async function knownSite(name: string, { settings }: Pick<Context, 'settings'>): Promise<Site> {
  const site = await readSite(settings.dir, name);
  if (site) return site;
  throw new OmsError('not_deployed', `nothing is known of a site ${name}`, {
    why: `there is no ${sitePaths(settings.dir, name).site}`,
    next: [`oms deploy --env ${name}`, 'call it where it was deployed, or with OMS_DIR set to its folder'],
  });
}
