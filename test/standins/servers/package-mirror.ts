import { createReadStream } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { dirname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../../../src/errors.ts';

export interface PackageMirror {
  /** What apt in a server is told. */
  url: string;
  /** Packages that came from the folder, and those that had to be fetched. */
  counts: { kept: number; fetched: number };
  stop(): Promise<void>;
}

export interface PackageMirrorOptions {
  host: string;
  /** Of the machine's own sources; ends in a slash. */
  upstream: string;
  /** Keeps packages and lists under names that never change their content. */
  folder: string;
}

/** Files whose name says their content: they may be kept for good. */
export const isImmutable = (path: string): boolean => /(?:^|\/)(?:pool\/.+\.deb|by-hash\/.+)$/.test(path);

/** A path below the mirror's root; undefined when it leads out of it. */
export function mirrorPath(url: string): string | undefined {
  const path = normalize(decodeURIComponent(url.split('?')[0]!)).replace(/^\/+/, '');
  return path === '' || path.startsWith('..') ? undefined : path;
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}

async function keep(file: string, content: Buffer): Promise<void> {
  const temporary = `${file}.partial-${process.pid}-${performance.now()}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(temporary, content);
  await rename(temporary, file);
}

/**
 * The machine's own Debian mirror, for servers that have no way to it: they reach the lab's bridge and nothing else. apt
 * checks signatures and hashes as ever, so what is kept here is trusted for nothing.
 */
export async function startPackageMirror({ host, upstream, folder }: PackageMirrorOptions): Promise<PackageMirror> {
  const counts = { kept: 0, fetched: 0 };

  const fetchThrough = async (path: string, response: ServerResponse) => {
    const answer = await fetch(new URL(path, upstream));
    const content = Buffer.from(await answer.arrayBuffer());
    if (answer.ok && isImmutable(path)) await keep(join(folder, path), content);
    if (path.endsWith('.deb')) counts.fetched++;
    response.writeHead(answer.status, { 'content-length': content.length }).end(content);
  };

  const answer = async (url: string, response: ServerResponse) => {
    const path = mirrorPath(url);
    if (path === undefined) return void response.writeHead(404).end();
    const file = join(folder, path);
    const size = isImmutable(path) ? await sizeOf(file) : undefined;
    if (size === undefined) return fetchThrough(path, response);
    if (path.endsWith('.deb')) counts.kept++;
    response.writeHead(200, { 'content-length': size });
    await pipeline(createReadStream(file), response);
  };

  const server = createServer((request, response) => {
    answer(request.url ?? '/', response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end(`${messageOf(error)}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://${host}:${port}/`,
    counts,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
