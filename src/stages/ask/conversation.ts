import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { Plan } from '../../../lib/query/plan.ts';

const fileIn = (dir: string) => join(dir, 'ask', 'last-plan.json');

/** The plan of the last answer, if there was one that this version can read. */
export async function lastPlan(dir: string): Promise<Plan | undefined> {
  try {
    const plan: unknown = JSON.parse(await readFile(fileIn(dir), 'utf8'));
    return Compile(Plan).Check(plan) ? plan : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the plan for --continue; an answer is not lost because a folder cannot be written. */
export async function rememberPlan(dir: string, plan: Plan): Promise<void> {
  try {
    await mkdir(join(dir, 'ask'), { recursive: true });
    await writeFile(fileIn(dir), JSON.stringify(plan), { mode: 0o600 });
  } catch {
    return;
  }
}
