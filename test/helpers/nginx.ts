import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/adapters/exec/run.ts';
import { buildOnce } from '../../src/adapters/files/build-once.ts';
import { unpackPackages } from '../../src/adapters/packages/unpack.ts';
import { messageOf } from '../../src/errors.ts';
import type { Scope } from '../standins/environment/scope.ts';
import { keepPort } from './kept-port.ts';
import { until } from './until.ts';

const CACHE = join(import.meta.dirname, '..', '..', '.oms', 'cache', 'nginx');
const SHIPPED = fileURLToPath(new URL('../../templates/compose/images/web/nginx/', import.meta.url));

/**
 * The distribution's nginx, unpacked into the checkout's cache.
 * @returns its folder, or why there is none
 */
export async function provideNginx(): Promise<{ root: string } | { missing: string }> {
  try {
    await buildOnce(CACHE, (folder) => unpackPackages(folder, { candidates: ['nginx'], size: '1 MB' }));
    return { root: CACHE };
  } catch (error) {
    return { missing: messageOf(error).split('\n').at(-1)! };
  }
}

/** Started by root its workers would be nobody, who may not read a test's folder. */
const OWNER = process.getuid?.() === 0 ? ' user root;' : '';

export interface WebServer {
  port: number;
  statusPort: number;
  /** Its /tmp. */
  tmp: string;
  log(): string[];
  stop(): Promise<void>;
}

function replaceIn(file: string, replacements: readonly (readonly [string | RegExp, string])[]): void {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of replacements) text = text.replaceAll(from as string, to);
  writeFileSync(file, text);
}

/**
 * The shipped files in a folder of the test's own. Replaced in them: the two ports listened on, /tmp, /dev/stdout and /etc/nginx by
 * paths of the test, and in upstream.conf the servers, whose addresses this machine's nginx cannot look up again
 * (`resolve` needs nginx 1.27.3; the image has it).
 */
async function renderFiles(root: string, folder: string, pages: readonly string[]) {
  const conf = join(folder, 'nginx');
  const tmp = join(folder, 'tmp');
  mkdirSync(tmp, { recursive: true });
  cpSync(SHIPPED, conf, { recursive: true });
  cpSync(join(root, 'etc', 'nginx', 'mime.types'), join(conf, 'mime.types'));
  const port = await keepPort();
  const statusPort = await keepPort();
  replaceIn(join(conf, 'nginx.conf'), [
    [/\/tmp\//g as never, `${tmp}/`],
    ['/dev/stdout', join(tmp, 'access.log')],
  ]);
  replaceIn(join(conf, 'oms', 'site.conf'), [
    ['/tmp/', `${tmp}/`],
    ['/etc/nginx/static', join(conf, 'static')],
    ['listen 8080', `listen 127.0.0.1:${port}`],
    ['127.0.0.1:8082', `127.0.0.1:${statusPort}`],
  ]);
  replaceIn(join(conf, 'oms', 'upstream.conf'), [
    [/^resolver.*$/gm as never, ''],
    [/pages([12]):8080 resolve/g as never, 'pages$1'],
    ...pages.map((url, index) => [`server pages${index + 1} `, `server ${url.replace('http://', '')} `] as const),
  ]);
  return { conf, tmp, port, statusPort };
}

function programOf(root: string) {
  const lib = join(root, 'usr', 'lib');
  const libraries = (existsSync(lib) ? readdirSync(lib) : []).filter((name) => name.endsWith('-linux-gnu'));
  const folders = libraries.map((name) => join(lib, name)).join(':');
  return { file: join(root, 'usr', 'sbin', 'nginx'), env: { ...process.env, LD_LIBRARY_PATH: folders } };
}

/** Starts it in front of two pages servers; `nginx -t` has accepted its files before. */
export async function startWebServer(
  scope: Scope,
  root: string,
  folder: string,
  pages: readonly [string, string],
): Promise<WebServer> {
  const { conf, tmp, port, statusPort } = await renderFiles(root, folder, pages);
  const { file, env } = programOf(root);
  const args = ['-p', conf, '-c', join(conf, 'nginx.conf')];
  await run({ file, args: ['-t', '-q', ...args, '-e', 'stderr'], env: env as Record<string, string> });
  const child = spawn(file, [...args, '-e', 'stderr', '-g', `daemon off;${OWNER}`], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  scope.after(stop);
  await until('nginx answers', async () => {
    if (child.exitCode !== null) throw new Error(said);
    return fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  const log = () => readFileSync(join(tmp, 'access.log'), 'utf8').split('\n').filter(Boolean);
  return { port, statusPort, tmp, log, stop };
}
