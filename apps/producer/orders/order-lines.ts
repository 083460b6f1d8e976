import type { CatalogueProduct } from '../../../lib/database/catalogue.ts';
import { MAX_QUANTITY } from '../../../lib/domain/fields.ts';
import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { type FieldError, fieldProblem, Problem } from '../http/problem.ts';

/** One SKU of an order. `index` is where it stood first in the request's items. */
export interface OrderableLine {
  sku: string;
  quantity: number;
  index: number;
}

/**
 * The same SKU on several lines counts as one line with the sum of their quantities.
 * @throws {Problem} when a sum is more than one line may have
 */
export function mergeLines(items: OrderRequest['items']): OrderableLine[] {
  const bySku = new Map<string, OrderableLine>();
  items.forEach(({ sku, quantity }, index) => {
    const line = bySku.get(sku);
    if (line) line.quantity += quantity;
    else bySku.set(sku, { sku, quantity, index });
  });
  const lines = [...bySku.values()];
  const over = lines.find(({ quantity }) => quantity > MAX_QUANTITY);
  if (over) {
    const message = `adds up to ${over.quantity} pieces; ${MAX_QUANTITY} is the most`;
    throw fieldProblem('validation_failed', `/items/${over.index}/quantity`, message);
  }
  return lines;
}

function unknownSkus(lines: OrderableLine[]): Problem {
  const errors = lines.map(
    ({ index }): FieldError => ({
      pointer: `/items/${index}/sku`,
      code: 'unknown_sku',
      message: 'is not in the catalogue',
    }),
  );
  return new Problem('unknown_sku', `${errors[0]!.pointer} is not in the catalogue`, { errors });
}

/**
 * Each line with its product.
 * @throws {Problem} unknown_sku, or currency_mismatch when a product is sold in another currency
 */
export function priceableLines(
  lines: OrderableLine[],
  currency: string,
  productOf: (sku: string) => CatalogueProduct | undefined,
): { product: CatalogueProduct; quantity: number }[] {
  const found = lines.map((line) => ({ ...line, product: productOf(line.sku) }));
  const unknown = found.filter(({ product }) => !product);
  if (unknown.length > 0) throw unknownSkus(unknown);
  const items = found.map(({ product, quantity }) => ({ product: product!, quantity }));
  const other = items.find(({ product }) => product.currency !== currency);
  if (other) throw fieldProblem('currency_mismatch', '/currency', `is not ${other.product.currency}`);
  return items;
}
