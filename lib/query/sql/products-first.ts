import { NOT_SOLD, SALE, SOURCES } from '../model/measures.ts';
import { isTimeDimension } from '../model/names.ts';
import { OF_LINES } from './conditions.ts';
import { type Fragment, raw, sql, whereClause } from './fragment.ts';
import type { Parts, Subquery } from './subquery.ts';

/** The product of a line. */
export const PRODUCT = 'JOIN products pr ON pr.product_id = i.product_id';
const PRODUCT_ID = 'i.product_id';
const HAS_PRODUCT = `${PRODUCT_ID} IS NOT NULL`;

const isOfProduct = (text: string) => /\bpr\./.test(text);
const withoutProduct = (from: string) => from.replace(` ${PRODUCT}`, '');

/** All sales there have ever been, split by nothing but the product. */
function isAllSales({ from, where, keys }: Parts): boolean {
  const conditions = where.map(({ text }) => text).filter((text) => !isOfProduct(text) && text !== HAS_PRODUCT);
  const isByProduct = keys.every((key) => key === PRODUCT_ID || isOfProduct(key));
  const tables = withoutProduct(from).replace(/ (?:FORCE|IGNORE) INDEX \(\w+\)/g, '');
  return isByProduct && conditions.join() === SALE && tables === SOURCES.items;
}

/** Whether the lines are better summed by product first: few groups a product, as more would not stay in memory. */
export function isAddedUpByProduct({ measures, dimensions, cohort }: Subquery, parts: Parts): boolean {
  const fewGroups = dimensions.every((name) => OF_LINES.includes(name) || isTimeDimension(name));
  const saves = parts.from.includes(PRODUCT) || (dimensions.length > 0 && isAllSales(parts));
  return measures[0]!.measure.source === 'items' && saves && fewGroups && !cohort && parts.having.length === 0;
}

interface Sum {
  alias: string;
  /** Over the lines of one product. */
  line: string;
}

/** Every line there is, less those of the few orders that are no sale: nine orders in ten are not looked up. */
function allSales(sums: readonly Sum[]): Fragment {
  const columns = (sign: string) =>
    [PRODUCT_ID, ...sums.map(({ alias, line }) => `${sign}${line} AS ${alias}`), `${sign}COUNT(*) AS line_count`].join(
      ', ',
    );
  const all = `SELECT ${columns('')} FROM order_items i GROUP BY ${PRODUCT_ID}`;
  const less = `SELECT ${columns('-')} FROM ${SOURCES.items} WHERE ${NOT_SOLD} GROUP BY ${PRODUCT_ID}`;
  const totals = ['product_id', ...sums.map(({ alias }) => `SUM(${alias}) AS ${alias}`)].join(', ');
  return raw(`SELECT ${totals} FROM (${all} UNION ALL ${less}) y GROUP BY product_id HAVING SUM(line_count) > 0`);
}

function linesByProduct(sums: readonly Sum[], keys: readonly (string | undefined)[], { from, where }: Parts): Fragment {
  const names = keys.flatMap((key, index) => (key ? [`d${index}`] : []));
  const columns = [
    PRODUCT_ID,
    ...keys.flatMap((key, index) => (key ? [`${key} AS d${index}`] : [])),
    ...sums.map(({ alias, line }) => `${line} AS ${alias}`),
  ];
  const conditions = where.filter(({ text }) => !isOfProduct(text));
  return sql`SELECT ${raw(columns.join(', '))} FROM ${raw(withoutProduct(from))}${whereClause(conditions)} GROUP BY ${raw([PRODUCT_ID, ...names].join(', '))}`;
}

/** Lines are summed by the product they name, and products are looked up once each, not once a line. */
export function productsFirst(query: Subquery, parts: Parts): Fragment {
  const { where, keys } = parts;
  const sums = query.measures.map(({ alias, measure: { value, perProduct } }) => ({
    alias,
    line: perProduct?.line ?? value,
    total: `${(perProduct?.total ?? 'SUM(x.v)').replaceAll('x.v', `x.${alias}`)} AS ${alias}`,
  }));
  const ofLine = keys.map((key) => (key === PRODUCT_ID || isOfProduct(key) ? undefined : key));
  const lines = isAllSales(parts) ? allSales(sums) : linesByProduct(sums, ofLine, parts);
  const outer = (key: string, index: number) => {
    if (isOfProduct(key)) return key;
    return key === PRODUCT_ID ? 'x.product_id' : `x.d${index}`;
  };
  const columns = [...keys.map((key, index) => `${outer(key, index)} AS d${index}`), ...sums.map(({ total }) => total)];
  const group = keys.length > 0 ? ` GROUP BY ${keys.map((_, index) => `d${index}`).join(', ')}` : '';
  const conditions = whereClause(where.filter(({ text }) => isOfProduct(text)));
  return sql`SELECT ${raw(columns.join(', '))} FROM (${lines}) x JOIN products pr ON pr.product_id = x.product_id${conditions}${raw(group)}`;
}
