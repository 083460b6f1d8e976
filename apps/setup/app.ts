import { setTimeout as delay } from 'node:timers/promises';
import { isPassing } from '../../lib/database/errors.ts';
import { grantReader } from '../../lib/database/grants.ts';
import { migrate, readSchemaState } from '../../lib/database/migrate.ts';
import type { Migration } from '../../lib/database/migrations.ts';
import { EnvironmentError } from '../../lib/runtime/env.ts';

export const SETUP_PHASES = ['expand', 'contract', 'check'] as const;
export type SetupPhase = (typeof SETUP_PHASES)[number];

export interface SetupOptions {
  databaseUrl: string;
  /** Account that may read what questions may read, and the host parts it has. */
  reader: { account: string; hosts: readonly string[] };
  /** How long a database may take to answer. */
  deadlineMs: number;
  /** Those of this version without it. */
  migrations?: Migration[];
}

/** What was done, as one line of JSON on stdout. */
export interface SetupResult {
  /** Whether the schema is another one now. */
  changed: boolean;
  phase: SetupPhase;
  /** Files of the migrations applied. */
  applied: string[];
  /** Accounts that may read now, as account@host; granting again changes nothing. */
  granted: string[];
  /** What is still to come. */
  pending: { expand: string[]; contract: string[] };
  /** Number of the newest migration applied. */
  schema: number;
  seconds: number;
}

/** @throws {EnvironmentError} when it is none of them */
export function phaseFrom(argument: string | undefined): SetupPhase {
  const phase = SETUP_PHASES.find((name) => name === argument);
  if (phase) return phase;
  throw new EnvironmentError(`setup is told what to do: ${SETUP_PHASES.join(', ')}`);
}

const RETRY_MS = 200;
/** Wrong account, password or schema: what the server says at once, and will say again. */
const REFUSED = new Set(['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_BAD_DB_ERROR']);

/** Runs `work` until the database takes it, or its deadline is over. */
async function patiently<T>(deadlineMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { code = '', fatal = false } = error as { code?: string; fatal?: boolean };
      const away = isPassing(error) && fatal && !REFUSED.has(code);
      if (!away || performance.now() > deadline) throw error;
      await delay(RETRY_MS);
    }
  }
}

async function grantAll({ databaseUrl, reader }: SetupOptions): Promise<string[]> {
  for (const host of reader.hosts) await grantReader(databaseUrl, reader.account, host);
  return reader.hosts.map((host) => `${reader.account}@${host}`);
}

/**
 * Takes the schema through one phase: `expand` (and what may read it) before new code runs, `contract` when the old
 * code is gone, `check` only looks. Run again it changes nothing.
 * @throws {MigrationError} when schema and code do not fit; otherwise what the database says
 */
export async function runSetup(phase: SetupPhase, options: SetupOptions): Promise<SetupResult> {
  const started = performance.now();
  const { databaseUrl: url, migrations } = options;
  const known = migrations ? { migrations } : {};
  const state = () => readSchemaState(url, migrations);
  await patiently(options.deadlineMs, state);
  const applied = phase === 'check' ? [] : await migrate(url, { phase, ...known });
  const granted = phase === 'expand' ? await grantAll(options) : [];
  const { pending, version } = await state();
  const seconds = Math.round(performance.now() - started) / 1_000;
  return { changed: applied.length > 0, phase, applied, granted, pending, schema: version, seconds };
}
