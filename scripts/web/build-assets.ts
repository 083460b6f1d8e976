import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const SOURCES = join(import.meta.dirname, '..', '..', 'apps', 'web', 'assets');

/** Browsers of the last three years or so. */
const BROWSERS = ['chrome109', 'firefox115', 'safari16.4'];

/** Scripts that pages name are `*.ts` beside main.ts whose first line says so; the others are parts of them. */
const ENTRY = /^\/\/ page script\b/;

/** Style sheets that pages name; the others are parts of the first. */
const STYLES = ['main.css', 'console.css'];

interface Made {
  /** As the code names it: "main.js". */
  name: string;
  content: Uint8Array;
}

const isEntry = (file: string): boolean => ENTRY.test(readFileSync(file, 'utf8'));

async function bundled(): Promise<Made[]> {
  const scripts = globSync(join(SOURCES, '*.ts')).filter(isEntry);
  const { outputFiles } = await build({
    entryPoints: [...scripts, ...STYLES.map((name) => join(SOURCES, name))],
    outdir: SOURCES,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: BROWSERS,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), content: contents }));
}

const copied = (): Made[] =>
  globSync(join(SOURCES, '*.svg')).map((file) => ({ name: basename(file), content: readFileSync(file) }));

/** "main.css" -> "main.1f9c0a7b42de.css": another content, another name. */
function hashedName({ name, content }: Made): string {
  const extension = extname(name);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return `${basename(name, extension)}.${hash}${extension}`;
}

function writeCompressed(file: string, content: Uint8Array): void {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  writeFileSync(file, content);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(content, quality));
}

/** Replaces `folder` with the built assets; manifest.json in it says where each is. The same sources give the same bytes. */
export async function buildWebAssets(folder: string): Promise<void> {
  const made = [...(await bundled()), ...copied()].sort((a, b) => a.name.localeCompare(b.name));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const one of made) writeCompressed(join(folder, hashedName(one)), one.content);
  const manifest = Object.fromEntries(made.map((one) => [one.name, `/assets/${hashedName(one)}`]));
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
