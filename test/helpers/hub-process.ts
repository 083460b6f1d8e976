import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { HubConfig } from '../../apps/hub/broker/hub-config.ts';
import { connectionString } from './hub.ts';
import { keepPort } from './kept-port.ts';

const MAIN = fileURLToPath(new URL('../../apps/hub/main.ts', import.meta.url));

/** What a process wrote to its log, as far as tests look at it. */
export interface LogEntry {
  level: string;
  msg: string;
  port?: number;
  httpPort?: number;
  err?: { message: string };
}

/** A hub in a process of its own, which can be killed and started again on the same port and data. */
export class HubProcess {
  readonly folder: string;
  readonly #config: string;
  readonly #env: Record<string, string>;
  #child: ChildProcess | null = null;
  #gone: Promise<number | null> = Promise.resolve(null);
  /** What the last process wrote to its log. */
  log: LogEntry[] = [];
  port = 0;
  httpPort = 0;

  constructor(t: TestContext, hubs: readonly HubConfig[], env: Record<string, string> = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'oms-hub-process-'));
    this.#config = join(this.folder, 'hubs.json');
    this.#env = env;
    writeFileSync(this.#config, JSON.stringify({ hubs }));
    t.after(async () => {
      await this.kill();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get connectionString(): string {
    return connectionString(this.port);
  }

  /** Starts it; answers when it is ready. Rejects with its last log line when it ends instead. */
  async start(): Promise<void> {
    // Not 0: at a restart a client's connection that is still being forgotten could hold the port.
    this.port ||= await keepPort();
    this.httpPort ||= await keepPort();
    const child = spawn(process.execPath, [MAIN], {
      env: {
        OMS_HUB_PORT: String(this.port),
        OMS_HUB_HTTP_PORT: String(this.httpPort),
        OMS_HUB_DATA_DIR: this.dataDir,
        OMS_HUB_CONFIG: this.#config,
        OMS_HUB_KEY: 'test-key',
        ...this.#env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const { promise, resolve, reject } = Promise.withResolvers<LogEntry>();
    this.log = [];
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const entry = JSON.parse(line) as LogEntry;
      this.log.push(entry);
      if (entry.msg === 'hub ready') resolve(entry);
    });
    this.#gone = once(child, 'close').then(([code]) => code as number | null);
    this.#gone.then((code) => {
      const last = this.log.at(-1);
      reject(new Error(`ended with ${code}: ${last?.err?.message ?? last?.msg}`));
    });
    const ready = await promise;
    this.port = ready.port!;
    this.httpPort = ready.httpPort!;
  }

  /** Its exit code, once it has ended. */
  ended(): Promise<number | null> {
    return this.#gone;
  }

  /** kill -9, or the signal that is given; answers with the exit code once the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    child.kill(signal);
    // With its last line, which otherwise could come into the log of the next.
    await this.#gone;
    return child.exitCode;
  }
}
