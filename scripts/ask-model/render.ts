import {
  ATOMS,
  DIMENSION,
  DIMENSION_WORDS,
  DIMENSIONS,
  type DimensionName,
  FIELD,
  FILTER_FIELDS,
  FIXED_VALUES,
  isTimeDimension,
  MEASURES,
  METRIC,
  METRIC_RULES,
  METRICS,
  type Measure,
  type MetricName,
  measuresOf,
  PERSONAL,
  RELATIONS,
  TIME_LABEL,
  VALUE_WORDS,
} from '../../lib/query/model/index.ts';

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const phrases = (text: string, most = 8) => text.split('|').slice(0, most).join(', ');

/** What people say for a metric: the words of its shortest rule. */
function saidAs(name: MetricName): string {
  const rules = METRIC_RULES.filter(({ metrics }) => metrics.includes(name));
  const [rule] = [...rules].sort((a, b) => a.all.length - b.all.length || a.metrics.length - b.metrics.length);
  if (!rule) return 'by how things stand';
  const most = rule.all.length > 1 ? 3 : 8;
  return rule.all.map((atom) => phrases(ATOMS[atom], most)).join(' + ');
}

const FORMULA = {
  ratio: (a: string, b: string) => `${a} / ${b}`,
  difference: (a: string, b: string) => `${a} - ${b}`,
  complement: (a: string, b: string) => `1 - ${a} / ${b}`,
  margin: (a: string, b: string) => `(${a} - ${b}) / ${a}`,
  cover: (a: string, b: string) => `28 * ${a} / ${b}`,
};

function definitionOf(name: MetricName): string {
  const metric = METRIC[name];
  const [a, b] = measuresOf(metric);
  if (metric.formula) return `\`${FORMULA[metric.formula.op](a!, b!)}\``;
  return `\`${a}\``;
}

const metricRows = () =>
  METRICS.map((name) => {
    const { label, unit, scope, state } = METRIC[name];
    return [`\`${name}\``, label, unit, scope, definitionOf(name), state ? 'as of now' : 'window', saidAs(name)];
  });

const measureRows = () =>
  Object.entries(MEASURES).map(([name, measure]: [string, Measure]) => [
    `\`${name}\``,
    measure.source,
    `\`${measure.inner ? `${measure.value} of ${measure.inner.value} by ${measure.inner.by}` : measure.value}\``,
    measure.time ? `\`${measure.time}\`` : '',
    (measure.where ?? []).map((text) => `\`${text}\``).join(' and '),
  ]);

const labelOf = (name: DimensionName) => (isTimeDimension(name) ? TIME_LABEL[name][0] : DIMENSION[name].label);
const sourcesOf = (name: DimensionName) =>
  isTimeDimension(name) ? 'all with a time' : Object.keys(DIMENSION[name].on).join(', ').replace('order', 'orders');

const dimensionRows = () =>
  DIMENSIONS.map((name) => [`\`${name}\``, labelOf(name), sourcesOf(name), phrases(DIMENSION_WORDS[name])]);

const fieldRows = () => FILTER_FIELDS.map((name) => [`\`${name}\``, FIELD[name].kind, FIELD[name].about]);

const valueRows = () =>
  Object.entries(FIXED_VALUES).flatMap(([field, values]) =>
    values.map((value) => {
      const words = VALUE_WORDS[field as keyof typeof VALUE_WORDS]?.[value];
      return [`\`${field}\``, `\`${value}\``, words ? phrases(words) : ''];
    }),
  );

const relationRows = () =>
  Object.entries(RELATIONS).flatMap(([source, relations]) =>
    relations.map(({ to, rows, on }) => [`\`${source}\``, `\`${to}\``, rows, on]),
  );

const section = (title: string, text: string, head: readonly string[], rows: readonly (readonly string[])[]) =>
  `## ${title}\n\n${text}\n\n${table(head, rows)}\n`;

/** docs/ask-model.md: the semantic model as tables. */
export function renderModel(): string {
  return [
    '# What can be asked: the semantic model\n',
    'Written from `lib/query/model/` by `npm run ask:model`; see [questions](ask.md) for what the words mean together.\n',
    section(
      'Metrics',
      'A metric is a measure, or a formula of measures that are each taken over their own rows. Amounts are in units of the currency, ratios between 0 and 1. The words are the first few of those that say it.',
      ['metric', 'label', 'unit', 'counts', 'definition', 'time', 'said as'],
      metricRows(),
    ),
    section(
      'Measures',
      'Aggregates over the rows of one source. The time is the column that windows are on, half-open.',
      ['measure', 'source', 'value', 'time', 'rows'],
      measureRows(),
    ),
    section(
      'Joins',
      'Rows that a join brings to one row of the source. Nothing is summed over a join that brings many.',
      ['source', 'joined', 'rows', 'on'],
      relationRows(),
    ),
    section('Dimensions', 'What rows are split by.', ['dimension', 'label', 'read from', 'said as'], dimensionRows()),
    section('Filters', 'What rows are narrowed by.', ['field', 'value', 'says'], fieldRows()),
    section(
      'Values',
      'Values that the code fixes. Products, categories, brands, cities, countries, carriers, warehouses and coupons are those of the shop, read with each question.',
      ['field', 'value', 'also said as'],
      valueRows(),
    ),
    section(
      'Never read',
      'Tables with personal or secret data. The account that questions run as has no right on them.',
      ['table', 'holds'],
      Object.entries(PERSONAL).map(([name, holds]) => [`\`${name}\``, holds]),
    ),
  ].join('\n');
}
