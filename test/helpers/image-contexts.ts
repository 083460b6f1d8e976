import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { type BuiltImage, buildImages } from '../../scripts/images/contexts.ts';
import { buildWebAssets } from '../../scripts/web/build-assets.ts';

/** Builds the contexts of all images below `folder`. */
export async function buildContexts(folder: string): Promise<Map<string, BuiltImage>> {
  const assets = join(folder, 'assets');
  await buildWebAssets(assets);
  const built = await buildImages(join(folder, 'images'), assets);
  return new Map(built.map((image) => [image.name, image]));
}

/** What an image has in /app, alone in a folder: no package of the checkout is near. */
export function unpackApp({ folder, name }: BuiltImage, below: string): string {
  const target = join(below, name);
  cpSync(join(folder, 'app'), target, { recursive: true });
  return target;
}

interface LogEntry {
  level: string;
  msg: string;
  port?: number;
  httpPort?: number;
  err?: { message: string };
}

export interface Role {
  /** Its last entries, to say what went wrong. */
  log: LogEntry[];
  /** Of the first log entry that has one. */
  port: number;
  httpPort: number | undefined;
}

function start(file: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [file], { cwd: '/', env, stdio: ['ignore', 'pipe', 'inherit'] });
}

const parse = (line: string): LogEntry => JSON.parse(line);

/** Starts an app of an image as its container would, in an environment of nothing else; ends it with the test. */
export async function startRole(t: TestContext, file: string, env: Record<string, string>): Promise<Role> {
  const child = start(file, { OMS_HTTP_HOST: '127.0.0.1', OMS_HTTP_PORT: '0', ...env });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const log: LogEntry[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    log.push(parse(line));
    const { port, httpPort } = log.at(-1)!;
    if (port === undefined) continue;
    child.stdout!.resume();
    return { log, port, httpPort };
  }
  throw new Error(`${file} ended: ${JSON.stringify(log.at(-1))}`);
}

/** Runs an app that ends by itself; its exit code and the lines of its stdout. */
export async function runRole(file: string, argv: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [file, ...argv], { cwd: '/', env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const [code] = await once(child, 'close');
  return { code: code as number, lines, entries: () => lines.map(parse) };
}
