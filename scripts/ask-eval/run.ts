import type { Asker, Clock } from './asking.ts';
import { grade, type Reading } from './grade.ts';
import type { Expected, Question } from './question.ts';
import { readShop } from './reference/facts.ts';
import { Oracle } from './reference/oracle.ts';
import type { Result } from './report.ts';

/** A set of questions, with what they may leave out filled in. */
export interface QuestionSet {
  clock: Clock;
  items: Question[];
}

const DEFAULTS = { class: 'answer', metric: null, dimensions: [], filters: [], window: null, order: null, limit: null };

/** @throws {Error} naming what is missing in a file that is no set of questions */
export function readSet(json: unknown, path: string): QuestionSet {
  const set = json as { clock?: Clock; items?: Partial<Question>[] };
  if (!set.clock?.now || !set.clock.tz) throw new Error(`${path} has no clock with now and tz`);
  if (!Array.isArray(set.items)) throw new Error(`${path} has no items`);
  return { clock: set.clock, items: set.items.map((item) => ({ ...DEFAULTS, ...item }) as Question) };
}

export async function fixtureOracle(folder: string, clock: Clock): Promise<Oracle> {
  return new Oracle(await readShop(folder), clock);
}

function attempt(known: Oracle, meaning: Question): Reading[] {
  if (!meaning.metric || !meaning.window) return [];
  try {
    return [{ meaning, expected: known.expected(meaning) }];
  } catch {
    // A meaning in terms of its own: only rows from a file can be compared.
    return [];
  }
}

/** The rows from the file; else worked out from the meaning. Other readings are always worked out. */
export function readingsOf(item: Question, file: Record<string, Expected>, known: Oracle): Reading[] {
  if (item.class !== 'answer') return [];
  const given = file[item.id];
  const first = given ? [{ meaning: item, expected: given }] : attempt(known, item);
  return [...first, ...(item.alt ?? []).flatMap((other) => attempt(known, { ...item, ...other }))];
}

/** Asks and grades every question, `jobs` at a time. */
export async function runQuestions(
  asker: Asker,
  items: readonly Question[],
  readings: (item: Question) => Reading[],
  jobs: number,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...items.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, item] = next;
      const outcome = await asker.ask(item);
      const { status, understood, exitCode, ms } = outcome;
      results[index] = {
        id: item.id,
        class: item.class,
        question: item.question,
        ...(item.context && { context: item.context }),
        ...(item.tags && { tags: item.tags }),
        status,
        ...grade(item, outcome, readings(item)),
        ...(understood !== undefined && { understood }),
        ...(exitCode !== undefined && { exitCode }),
        ms: Math.round(ms * 10) / 10,
      };
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}
