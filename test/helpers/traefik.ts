import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { type RouteOptions, traefikRoutes, traefikStatic, traefikTls } from '../../src/render/traefik.ts';
import type { Scope } from '../standins/environment/scope.ts';
import { makeCertificates } from './certificates.ts';
import { keepPort } from './kept-port.ts';
import { aSite } from './sites.ts';
import { TRAEFIK_TEMPLATES } from './traefik-templates.ts';
import { until } from './until.ts';

const STANDIN = fileURLToPath(new URL('../standins/traefik/main.ts', import.meta.url));

/** A Traefik of one's own, where there is one; the stand-in otherwise. */
export const TRAEFIK_BIN = process.env.OMS_TRAEFIK_BIN;
export const traefikName = TRAEFIK_BIN ? 'Traefik' : 'the stand-in for Traefik';

/** A server behind the proxy that notes what it is asked. */
export interface Backend {
  name: string;
  url: string;
  /** "GET /path" of everything but health checks. */
  seen: string[];
  last?: IncomingMessage;
  healthy: boolean;
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes connections no more, or again at the same port. */
  close(): Promise<void>;
  open(): Promise<void>;
}

const PROBES = ['/healthz', '/livez', '/readyz'];

export async function startBackend(scope: Scope, name: string): Promise<Backend> {
  const server = createServer((request, response) => {
    if (PROBES.includes(request.url ?? '')) {
      response.statusCode = backend.healthy ? 200 : 503;
      response.end();
      return;
    }
    backend.seen.push(`${request.method} ${request.url}`);
    backend.last = request;
    backend.answer(request, response);
  });
  // Not 0: where it is opened again, a client's connection that is still being forgotten could hold the port.
  const port = await keepPort();
  const backend: Backend = {
    ...{ name, url: `http://127.0.0.1:${port}`, seen: [], healthy: true },
    answer: (_request, response) => response.end(name),
    open: () =>
      new Promise((resolve) => {
        server.listen(port, '127.0.0.1', () => resolve());
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await backend.open();
  scope.after(() => backend.close());
  return backend;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

export interface RunningTraefik {
  /** Port of each entry point. */
  ports: Record<string, number>;
  folder: string;
  /** What it wrote: JSON lines. */
  lines: string[];
  /** Over https, as shop.example. */
  ask(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string; host?: string },
  ): Promise<Answer>;
  /** Writes routes.yml as a deployment does it, by renaming; `change` may change what is in it first. */
  writeRoutes(options: RouteOptions, change?: (routes: RoutesFile) => void): void;
  metrics(): Promise<string>;
  process: ChildProcess;
}

// biome-ignore lint/suspicious/noExplicitAny: a test changes whatever it likes in the file
export type RoutesFile = any;

const SERVERS = /http:\/\/(web\d|oms-producer-[ab]-\d):8080/g;

function replaceWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

const SITE = aSite({
  domains: ['shop.example'],
  certificates: { kind: 'files', certificate: 'given', key: 'given' },
  replicas: { producer: 2, consumer: 2 },
});

/** Reads an answer whole; a connection that breaks is an error. */
export function askOver(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  options: Parameters<RunningTraefik['ask']>[2] = {},
) {
  const { headers = {}, body, host = 'shop.example' } = options;
  return new Promise<Answer>((resolve, reject) => {
    const call = httpsRequest({ ...{ agent, port, method, path }, host: '127.0.0.1', headers: { host, ...headers } });
    call.on('response', async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode!, headers: response.headers, text });
    });
    call.on('error', reject).end(body);
  });
}

/** The rendered files of a site, with addresses of this machine; nothing else in them is changed. */
async function writeFiles(folder: string, backends: Readonly<Record<string, Backend>>) {
  const dynamic = join(folder, 'dynamic');
  mkdirSync(dynamic, { recursive: true });
  const pair = await makeCertificates(join(folder, 'tls'), ['shop.example']);
  const settings = parse(traefikStatic(SITE, TRAEFIK_TEMPLATES));
  const ports: Record<string, number> = {};
  for (const [name, entryPoint] of Object.entries(settings.entryPoints as Record<string, { address: string }>)) {
    ports[name] = await keepPort();
    entryPoint.address = `127.0.0.1:${ports[name]}`;
  }
  settings.providers.file.directory = dynamic;
  writeFileSync(join(folder, 'traefik.yml'), stringify(settings));
  const tls = traefikTls(SITE, TRAEFIK_TEMPLATES)
    .replaceAll('/run/secrets/tls-certificate', pair.certFile)
    .replaceAll('/run/secrets/tls-key', pair.keyFile);
  writeFileSync(join(dynamic, 'tls.yml'), tls);
  const writeRoutes = (options: RouteOptions, change: (routes: RoutesFile) => void = () => undefined) => {
    const text = traefikRoutes(SITE, options, TRAEFIK_TEMPLATES);
    const routes = parse(text.replaceAll(SERVERS, (_, name: string) => backends[name]!.url));
    change(routes);
    replaceWhole(join(dynamic, 'routes.yml'), stringify(routes, { aliasDuplicateObjects: false }));
  };
  return { ports, writeRoutes, ca: pair.ca };
}

/**
 * Starts OMS_TRAEFIK_BIN, or the stand-in, with the files a deployment writes, in front of backends by their names:
 * web1 to web3, oms-producer-a-1 and so on.
 */
export async function startTraefik(
  scope: Scope,
  folder: string,
  backends: Readonly<Record<string, Backend>>,
  routes: RouteOptions,
): Promise<RunningTraefik> {
  const { ports, writeRoutes, ca } = await writeFiles(folder, backends);
  writeRoutes(routes);
  const argv = [`--configFile=${join(folder, 'traefik.yml')}`];
  const child = TRAEFIK_BIN ? spawn(TRAEFIK_BIN, argv) : spawn(process.execPath, [STANDIN, ...argv]);
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
  }
  const agent = new Agent({ keepAlive: true, ca, servername: 'shop.example' });
  scope.after(async () => {
    agent.destroy();
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('exit', resolve));
  });
  const inside = (path: string) => fetch(`http://127.0.0.1:${ports.metrics}${path}`);
  await until(
    'the proxy answers',
    async () => {
      if (child.exitCode !== null) throw new Error(lines.join('\n'));
      return inside('/ping').then(
        ({ ok }) => ok,
        () => false,
      );
    },
    20_000,
  );
  return {
    ...{ ports, folder, lines, writeRoutes, process: child },
    ask: (method, path, options) => askOver(agent, ports.https!, method, path, options),
    metrics: async () => (await inside('/metrics')).text(),
  };
}

/** How often the proxy took a new configuration. */
export async function reloads(traefik: RunningTraefik): Promise<number> {
  return Number(/^traefik_config_reloads_total(?:\{[^}]*\})? (\d+)/m.exec(await traefik.metrics())?.[1] ?? 0);
}

/** Writes routes and waits until they are used. */
export async function useRoutes(
  traefik: RunningTraefik,
  options: RouteOptions,
  change?: (routes: RoutesFile) => void,
): Promise<void> {
  const before = await reloads(traefik);
  traefik.writeRoutes(options, change);
  await until('the proxy takes the new routes', async () => (await reloads(traefik)) > before);
}
