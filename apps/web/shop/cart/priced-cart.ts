import type { Catalogue, Product } from '../../api/catalogue.ts';
import type { Call } from '../../api/order-api.ts';
import type { CartLine } from './cart.ts';

export interface PricedLine {
  product: Product;
  quantity: number;
}

export interface PricedCart {
  lines: PricedLine[];
  /** SKUs that are no longer sold. */
  gone: string[];
}

/** Prices are those of the catalogue now, whatever they were when something was put in. */
export async function priceCart(catalogue: Catalogue, cart: readonly CartLine[], call: Call): Promise<PricedCart> {
  const products = await catalogue.chosen(
    cart.map(({ sku }) => sku),
    call,
  );
  const bySku = new Map(products.map((product) => [product.sku, product]));
  return {
    lines: cart.flatMap(({ sku, quantity }) => {
      const product = bySku.get(sku);
      return product ? [{ product, quantity }] : [];
    }),
    gone: cart.map(({ sku }) => sku).filter((sku) => !bySku.has(sku)),
  };
}

/** Of the goods alone, by currency: a shop mostly has one. */
export function subtotals(lines: readonly PricedLine[]): [currency: string, amountMinor: number][] {
  const sums = new Map<string, number>();
  for (const { product, quantity } of lines) {
    sums.set(product.currency, (sums.get(product.currency) ?? 0) + product.price_minor * quantity);
  }
  return [...sums];
}
