import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ask } from '../../lib/query/ask.ts';
import { Reader } from '../../lib/query/execute.ts';
import type { Plan } from '../../lib/query/plan.ts';
import type { Outcome } from './grade.ts';
import type { Cell, Question } from './question.ts';

/** The fixture's moment and place. */
export interface Clock {
  now: string;
  tz: string;
}

/** Asks a question after those of its context. */
export interface Asker {
  ask(item: Pick<Question, 'question' | 'context'>): Promise<Outcome>;
  close(): Promise<void>;
}

interface Envelope {
  result?: Outcome & { total_rows?: number };
  error?: { message?: string; code?: string };
}

function readEnvelope(stdout: string, stderr: string, exitCode: number, ms: number): Outcome {
  let envelope: Envelope = {};
  try {
    envelope = JSON.parse(stdout) as Envelope;
  } catch {
    return { status: 'failed', message: (stderr || stdout).trim().slice(0, 500), exitCode, ms };
  }
  const { result, error } = envelope;
  if (!result) return { status: 'failed', message: error?.message ?? stdout.slice(0, 500), exitCode, ms };
  return { ...result, ...(result.total_rows !== undefined && { total: result.total_rows }), exitCode, ms };
}

/** Settings of a language model, when answers are to come from one. */
const modelEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('OMS_AI_')));

/** Each question by `oms ask --json` in a process of its own, as a person would; follow-ups by --continue. */
export function processAsker(program: string, url: string, clock: Clock, options: { model: boolean }): Asker {
  const run = (question: string, dir: string, following: boolean) =>
    new Promise<Outcome>((resolve) => {
      const args = [program, 'ask', '--json', ...(following ? ['--continue'] : []), '--', question];
      const env = {
        PATH: process.env.PATH,
        HOME: dir,
        NO_COLOR: '1',
        OMS_DIR: dir,
        OMS_DATABASE_URL: url,
        OMS_NOW: clock.now,
        OMS_TIMEZONE: clock.tz,
        ...(options.model && modelEnvironment()),
      };
      const began = performance.now();
      execFile(process.execPath, args, { env, cwd: dir, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
        resolve(readEnvelope(stdout, stderr, code, performance.now() - began));
      });
    });
  return {
    async ask({ question, context = [] }) {
      const dir = await mkdtemp(join(tmpdir(), 'ask-eval-'));
      try {
        let asked = 0;
        for (const earlier of context) await run(earlier, dir, asked++ > 0);
        return await run(question, dir, asked > 0);
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
    close: async () => {},
  };
}

/** The same engine in this process, on one connection: many questions in seconds. */
export async function engineAsker(url: string, { now, tz }: Clock): Promise<Asker> {
  const reader = await Reader.open(url);
  const clock = { now: Date.parse(now), zone: tz };
  const one = async (question: string, previous: Plan | undefined): Promise<Outcome> => {
    const began = performance.now();
    try {
      const outcome = await ask(question, reader, { clock, ...(previous && { previous }) });
      const ms = performance.now() - began;
      if (outcome.status !== 'answer') return { ...outcome, ms };
      const { columns, rows, total, plan, understood } = outcome;
      return {
        status: 'answer',
        understood,
        plan,
        columns: columns.map(({ name }) => name),
        rows: rows as Cell[][],
        total,
        ms,
      };
    } catch (error) {
      return { status: 'failed', message: (error as Error).message, ms: performance.now() - began };
    }
  };
  return {
    async ask({ question, context = [] }) {
      let plan: Plan | undefined;
      for (const earlier of context) plan = ((await one(earlier, plan)).plan as Plan | undefined) ?? plan;
      return one(question, plan);
    },
    close: () => reader.close(),
  };
}
