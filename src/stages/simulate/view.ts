import { formatCount, formatDuration, sparkline } from '../../ui/format.ts';
import { renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { ViewLine } from './companion.ts';
import type { Counts } from './counters.ts';
import type { Percentiles } from './latency.ts';
import { outcomeLines } from './outcome-view.ts';
import type { SimulateResult } from './result.ts';
import type { GeneratorHealth } from './self-check.ts';

/** What the live view shows of a moment. */
export interface Moment {
  phase: 'sending' | 'draining';
  elapsedMs: number;
  lengthMs: number | undefined;
  counts: Counts;
  /** Orders a second over about the last second. */
  rates: { asked: number; issued: number; accepted: number; stored: number };
  accepted: Percentiles;
  stored: Percentiles;
  backlog: number;
  /** The backlog of the last moments, oldest first. */
  backlogs: readonly number[];
  health: GeneratorHealth;
  reasons: ReadonlyMap<string, number>;
  /** Of what goes on beside. */
  lines: readonly ViewLine[];
}

/** Cells in as many lines as the width asks for; continuation lines are indented under the label. */
export function flow(label: string, cells: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = label;
  for (const cell of cells) {
    if (line.length + 2 + cell.length > width && line.trim() !== '') {
      lines.push(line);
      line = ' '.repeat(Math.min(label.length, 2));
    }
    line += `${line === '' ? '' : '  '}${cell}`;
  }
  return [...lines, line];
}

const milliseconds = (ms: number | null): string => (ms === null ? '-' : formatDuration(ms));

const percentileCells = (of: Percentiles): string[] => [
  `p50 ${milliseconds(of.p50)}`,
  `p90 ${milliseconds(of.p90)}`,
  `p99 ${milliseconds(of.p99)}`,
  `max ${milliseconds(of.max)}`,
];

const countCells = (counts: Counts, names: readonly (keyof Counts)[]): string[] =>
  names.map((name) => `${name.replace('_', ' ')} ${formatCount(counts[name])}`);

const healthCells = ({ loopLagP99Ms, cpuPercent }: GeneratorHealth): string[] => [
  `loop lag p99 ${formatDuration(loopLagP99Ms)}`,
  `CPU ${Math.round(cpuPercent)} %`,
];

const seconds = (ms: number): string => `${formatCount(Math.round(ms / 1_000))} s`;

const clock = ({ phase, elapsedMs, lengthMs }: Moment): string =>
  lengthMs === undefined || phase === 'draining' ? seconds(elapsedMs) : `${seconds(elapsedMs)} / ${seconds(lengthMs)}`;

const reasonCells = (reasons: ReadonlyMap<string, number>): string[] =>
  [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${reason} x ${formatCount(count)}`);

/** The moving view, wrapped to `width` columns. */
export function liveLines(title: readonly string[], moment: Moment, width: number): string[] {
  const { counts, rates } = moment;
  const reasons = reasonCells(moment.reasons).slice(0, 3);
  return [
    ...flow('', [...title, moment.phase, clock(moment)], width),
    ...flow('orders', countCells(counts, ['asked', 'issued', 'accepted', 'stored']), width),
    ...flow('', countCells(counts, ['failed', 'missed', 'late', 'resent']), width),
    ...flow(
      'rate/s',
      Object.entries(rates).map(([name, rate]) => `${name} ${formatCount(Math.round(rate))}`),
      width,
    ),
    ...flow('accepted', percentileCells(moment.accepted), width),
    ...flow('stored', percentileCells(moment.stored), width),
    ...flow('backlog', [formatCount(moment.backlog), sparkline(moment.backlogs.slice(-20))], width),
    ...moment.lines.flatMap(({ label, cells }) => flow(label, cells, width)),
    ...flow('generator', healthCells(moment.health), width),
    ...flow('answers', reasons.length > 0 ? reasons : ['no errors'], width),
  ];
}

/** The same in one line, for where nothing can move. */
export function plainLine(moment: Moment): string {
  const { counts } = moment;
  const trouble = (['failed', 'missed'] as const).filter((name) => counts[name] > 0);
  return [
    `${moment.phase} ${clock(moment)}`,
    ...countCells(counts, ['asked', 'issued', 'accepted', 'stored', ...trouble]),
    `accepted p99 ${milliseconds(moment.accepted.p99)}`,
    `stored p99 ${milliseconds(moment.stored.p99)}`,
    `backlog ${formatCount(moment.backlog)}`,
    ...moment.lines.flatMap(({ cells }) => cells),
  ].join('  ');
}

const SHOWN_COUNTS = [
  'asked',
  'issued',
  'accepted',
  'stored',
  'failed',
  'unknown',
  'duplicated',
  'late',
  'missed',
  'lost',
] as const satisfies readonly (keyof Counts)[];

const SHOWN_RATES: Record<string, keyof NonNullable<SimulateResult['rates']>> = {
  asked: 'asked',
  issued: 'issued',
  accepted: 'accepted',
  stored: 'stored',
};

const oneDecimal = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });

function countTable({ counts, rates }: SimulateResult, width: number): string {
  const extra = (['replayed', 'stored_before', 'resent'] as const).filter((name) => counts[name] > 0);
  return renderTable(
    [...SHOWN_COUNTS, ...extra],
    [
      { title: 'orders', value: (name) => name.replace('_', ' ') },
      { title: 'count', value: (name) => formatCount(counts[name]), align: 'right' },
      {
        title: 'per second',
        value: (name) => (SHOWN_RATES[name] ? oneDecimal(rates[SHOWN_RATES[name]]) : ''),
        align: 'right',
      },
    ],
    width,
  );
}

function latencyTable({ latency_ms: latency }: SimulateResult, width: number): string {
  const rows = [
    { name: 'accepted', of: latency.accepted },
    { name: 'stored', of: latency.stored },
  ];
  const column = (title: string, value: (of: Percentiles) => number | null) => ({
    title,
    value: (row: (typeof rows)[number]) => milliseconds(value(row.of)),
    align: 'right' as const,
  });
  return renderTable(
    rows,
    [
      { title: 'latency', value: (row) => row.name },
      column('p50', (of) => of.p50),
      column('p90', (of) => of.p90),
      column('p99', (of) => of.p99),
      column('max', (of) => of.max),
    ],
    width,
  );
}

function verdictLines(result: SimulateResult, terminal: Terminal): string[] {
  const ticks = result.thresholds.map(({ ok, name, got, wanted }) => {
    const tick = terminal.style(ok ? 'green' : 'red', ok ? '✓' : '✗');
    return `  ${tick} ${name} ${got} (${wanted})`;
  });
  const colour = result.verdict === 'pass' ? 'green' : 'red';
  return [`VERDICT ${terminal.style(colour, result.verdict)}`, ...ticks];
}

/** Everything a person wants to read when the run is over. */
export function finalReport(result: SimulateResult, terminal: Terminal): string {
  const { generator, width } = { generator: result.generator, width: terminal.width };
  const health = { loopLagP99Ms: generator.loop_lag_p99_ms, cpuPercent: generator.cpu_percent };
  const reasons = reasonCells(new Map(Object.entries(result.answers)));
  const seed = result.seed === null ? [] : [`seed ${result.seed}`];
  return [
    ...flow(`run ${result.run}`, [result.mode, ...seed, `target ${result.url}`], width),
    '',
    countTable(result, width),
    '',
    latencyTable(result, width),
    'measured from when an order was due',
    ...flow('generator', healthCells(health), width),
    ...(reasons.length > 0 ? flow('answers', reasons, width) : []),
    ...outcomeLines(result, width),
    '',
    ...verdictLines(result, terminal),
    '',
    `manifest ${result.manifest}`,
    'Next: oms verify',
  ].join('\n');
}
