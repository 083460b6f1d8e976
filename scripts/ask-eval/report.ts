import { type Graded, VERDICTS, type Verdict } from './grade.ts';
import { type Percentiles, percentiles } from './timings.ts';

export interface Result extends Graded {
  id: string;
  class: string;
  question: string;
  context?: string[];
  tags?: string[];
  understood?: string;
  status?: string;
  exitCode?: number;
  ms: number;
}

type Counts = Record<Verdict, number>;

export interface Summary extends Counts {
  questions: number;
  classes: Record<string, Counts>;
  topics: Record<string, Counts>;
  ms: { whole: Percentiles; planner?: Percentiles; compiler?: Percentiles };
}

const countOf = (results: readonly Result[]): Counts =>
  Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, results.filter((result) => result.verdict === verdict).length]),
  ) as Counts;

const countBy = (results: readonly Result[], keyOf: (result: Result) => string): Record<string, Counts> =>
  Object.fromEntries([...Map.groupBy(results, keyOf)].map(([key, group]) => [key, countOf(group)]));

/** Counts in all, by class and by topic (the first tag), and how long the calls took. */
export function summarise(results: readonly Result[], steps?: Pick<Summary['ms'], 'planner' | 'compiler'>): Summary {
  return {
    questions: results.length,
    ...countOf(results),
    classes: countBy(results, (result) => result.class),
    topics: countBy(
      results.filter((result) => result.tags?.[0]),
      (result) => result.tags![0]!,
    ),
    ms: { whole: percentiles(results.map((result) => result.ms)), ...steps },
  };
}

const line = (name: string, counts: Counts) =>
  `${name.padEnd(28)}${VERDICTS.map((verdict) => String(counts[verdict]).padStart(12)).join('')}`;

const times = (name: string, ms: Percentiles | undefined) =>
  ms ? [`${name.padEnd(28)}p50 ${ms.p50} ms, p95 ${ms.p95} ms, at most ${ms.max} ms`] : [];

function resultLines({ id, verdict, context, question, why, understood, class: name }: Result): string[] {
  const asked = [...(context ?? []), question].join(' > ');
  return [`${id} ${verdict.padEnd(10)} ${asked}`, `     ${why ?? understood ?? name}`];
}

/** What is not right, line by line (all of it with `show`), then the tables. */
export function reportText(results: readonly Result[], summary: Summary, options: { show: boolean; counts: boolean }) {
  const shown = options.counts ? [] : results.filter((result) => options.show || result.verdict !== 'right');
  const topics = Object.entries(summary.topics);
  return [
    ...shown.flatMap(resultLines),
    ...(shown.length > 0 ? [''] : []),
    `${''.padEnd(28)}${VERDICTS.map((verdict) => verdict.padStart(12)).join('')}`,
    ...Object.entries(summary.classes).map(([name, counts]) => line(name, counts)),
    ...(topics.length > 1 ? topics.map(([name, counts]) => line(`  ${name}`, counts)) : []),
    line('all', summary),
    '',
    ...times('whole', summary.ms.whole),
    ...times('planner', summary.ms.planner),
    ...times('compiler', summary.ms.compiler),
  ].join('\n');
}
