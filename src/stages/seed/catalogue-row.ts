import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { CurrencyCode, MinorAmount, plainText, Sku } from '../../../lib/domain/fields.ts';
import { minorDigits, parseMinor } from '../../../lib/domain/money.ts';

/** What the header of a catalogue file names, in any order. */
export const COLUMNS = ['sku', 'name', 'category', 'brand', 'price', 'cost', 'currency', 'stock'] as const;

/** A row of a catalogue file: amounts in minor units, stock in units. */
export const CatalogueRow = Type.Object({
  sku: Sku,
  name: Type.Intersect([plainText(200), Type.String({ pattern: '\\S' })]),
  category: Type.Intersect([plainText(80), Type.String({ pattern: '\\S' })]),
  brand: plainText(80),
  price_minor: MinorAmount,
  cost_minor: MinorAmount,
  currency: CurrencyCode,
  stock: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
});
export type CatalogueRow = Static<typeof CatalogueRow>;

const validator = Compile(CatalogueRow);

/** What a value of each column has to be, for people. */
const EXPECTED: Record<string, string> = {
  sku: 'needs 1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit',
  name: 'needs 1 to 200 characters',
  category: 'needs 1 to 80 characters',
  brand: 'may have 80 characters at most',
  price_minor: 'is too much',
  cost_minor: 'is too much',
  currency: 'needs three capital letters, such as USD',
  stock: 'needs a whole number from 0 to 1,000,000,000',
};

const shown = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);

function parseAmount(column: string, text: string, currency: string, problems: string[]): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 0;
  const minor = parseMinor(text, currency);
  if (minor !== undefined) return minor;
  const digits = minorDigits(currency);
  const example = digits > 0 ? `49.${'90'.padEnd(digits, '0')}` : '49';
  problems.push(`${column} ${shown(text)} is no amount in ${currency}, such as ${example}`);
  return 0;
}

/**
 * Reads one row; amounts are taken digit by digit, never through a float.
 * @returns the row, or a sentence for each value that does not fit
 */
export function parseRow(fields: Record<(typeof COLUMNS)[number], string>): CatalogueRow | string[] {
  const problems: string[] = [];
  const { sku, name, category, brand, currency } = fields;
  const row = {
    sku,
    name: name.trim(),
    category: category.trim(),
    brand: brand.trim(),
    price_minor: parseAmount('price', fields.price, currency, problems),
    cost_minor: parseAmount('cost', fields.cost, currency, problems),
    currency,
    stock: /^\d{1,10}$/.test(fields.stock) ? Number(fields.stock) : -1,
  };
  if (validator.Check(row)) return problems.length === 0 ? row : problems;
  const columns = new Set(validator.Errors(row).map((error) => error.instancePath.slice(1)));
  for (const column of columns) {
    const name = column.replace('_minor', '') as keyof typeof fields;
    problems.push(`${name} ${shown(fields[name])} ${EXPECTED[column]}`);
  }
  return problems;
}
