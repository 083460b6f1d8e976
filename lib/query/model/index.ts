/**
 * The semantic model: everything that questions can be about, and in which words. The planner, the compiler, what a
 * language model is told, the account that questions run as and docs/ask-model.md are made from it.
 *
 * - names.ts       every metric, dimension and filter field by name
 * - measures.ts    aggregates, each over the rows of one source: what is summed, of which rows, in which time
 * - joins.ts       how many rows a join brings to a source, and so what may be summed over it
 * - metrics.ts     metrics as measures or formulas of measures, with unit and scope
 * - dimensions.ts  what rows are split by, and how each source reads it
 * - filters.ts     what rows are narrowed by, and by what kind of value
 * - values.ts      values that the code fixes, and what people say for them; other values are the catalogue of the shop
 * - words.ts       phrases by the atom of meaning they stand for, and the words for dimensions
 * - rules.ts       which atoms together make a metric
 * - grammar.ts     words that hold a question together: ranking, comparing, negation, bounds, states
 * - personal.ts    tables with personal or secret data, which no question reads
 *
 * To add a metric: its name, its measure, its entry in METRIC, a rule, and the words for it. The tests beside this folder
 * fail while one of them is missing.
 */
export { DIMENSION, type Dimension, type Reading, TIME_LABEL } from './dimensions.ts';
export { FIELD, type Field } from './filters.ts';
export { FILLERS, ROLES, type Role } from './grammar.ts';
export { RELATIONS, type Relation } from './joins.ts';
export { MEASURES, type Measure, type MeasureName, SOURCES, type SourceName } from './measures.ts';
export { METRIC, type Metric, measuresOf, RATE_OF, type UnitKind } from './metrics.ts';
export {
  DIMENSIONS,
  type DimensionName,
  FILTER_FIELDS,
  type FilterField,
  isTimeDimension,
  METRICS,
  type MetricName,
  type TimeDimension,
} from './names.ts';
export { PERSONAL } from './personal.ts';
export { METRIC_RULES, type MetricRule, WEAK_ATOMS } from './rules.ts';
export { COUNTRY_WORDS, FIXED_VALUES, VALUE_WORDS } from './values.ts';
export { ATOMS, type Atom, DIMENSION_WORDS } from './words.ts';
