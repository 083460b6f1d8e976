import { chmodSync, cpSync, existsSync, globSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleApps, type Contents, packageFolder } from './bundle.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TEMPLATES = join(ROOT, 'templates', 'compose', 'images');

/** What goes into each of our images: bundles by their name there, and what those read at run time. */
interface Recipe {
  /** Folder of apps/ by the name of the file it becomes. */
  apps: Record<string, string>;
  /** Copied into the context: where to, from where. */
  files: Record<string, string>;
  /** Empty folder that the image gives to its user. */
  data?: true;
}

/** pdfkit asks for its fonts by a name that package.json resolves. */
const FONTS = { '#standard-fonts/*': './standard-fonts/*.cjs' };
const fonts = () => join(packageFolder('pdfkit'), 'standard-fonts');

const migrations = join(ROOT, 'lib', 'database', 'migrations');

const recipes = (assets: string): Record<string, Recipe> => ({
  app: {
    apps: { producer: 'producer', consumer: 'consumer', setup: 'setup', pages: 'web' },
    // The web servers have the assets, too; while releases change, one may be asked for what only the other has.
    files: { 'app/migrations': migrations, 'app/assets': assets },
  },
  notifier: { apps: { notifier: 'notifier' }, files: { 'app/standard-fonts': fonts() }, data: true },
  hub: {
    apps: { hub: 'hub', sandbox: 'sandbox' },
    files: { 'app/standard-fonts': fonts() },
    data: true,
  },
  web: { apps: {}, files: { assets } },
});

export interface BuiltImage {
  name: string;
  folder: string;
  /** All that comes on top of the base image. */
  bytes: number;
  contents: Contents;
}

/** The same content has the same modes whatever the umask: both are in the image. */
function evenModes(folder: string): void {
  for (const path of globSync('**/*', { cwd: folder }).map((name) => join(folder, name))) {
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }
}

function sizeOf(folder: string): number {
  const files = globSync('**/*', { cwd: folder, exclude: ['Dockerfile'] }).map((name) => statSync(join(folder, name)));
  return files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
}

function copyInto(folder: string, files: Record<string, string>): void {
  for (const [to, from] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(from, join(folder, to), { recursive: true, filter: (path) => !path.endsWith('.mjs') });
  }
}

async function buildContext(name: string, recipe: Recipe, folder: string): Promise<BuiltImage> {
  rmSync(folder, { recursive: true, force: true });
  copyInto(folder, { '.': join(TEMPLATES, name), ...recipe.files });
  if (recipe.data) {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', '.keep'), '');
  }
  const bundles = Object.keys(recipe.apps).length > 0;
  const contents = bundles ? await bundleApps(recipe.apps, join(folder, 'app')) : [];
  if (bundles) {
    const manifest = { type: 'module', ...(recipe.files['app/standard-fonts'] && { imports: FONTS }) };
    writeFileSync(join(folder, 'app', 'package.json'), `${JSON.stringify(manifest)}\n`);
  }
  evenModes(folder);
  return { name, folder, bytes: sizeOf(folder), contents };
}

/**
 * Makes the build contexts of our images below `out`: a Dockerfile of FROM and COPY, and what it copies.
 * @param assets what scripts/build-web.ts has made
 * @throws {Error} when there are no assets
 */
export async function buildImages(out: string, assets: string): Promise<BuiltImage[]> {
  if (!existsSync(join(assets, 'manifest.json'))) throw new Error(`no assets in ${assets}: node scripts/build-web.ts`);
  const built: BuiltImage[] = [];
  const made = Object.entries(recipes(assets)).filter(([name]) => existsSync(join(TEMPLATES, name, 'Dockerfile')));
  for (const [name, recipe] of made) built.push(await buildContext(name, recipe, join(out, name)));
  return built;
}
