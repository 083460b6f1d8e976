import { type Minor, shareOf } from './money.ts';
import type { OrderLine } from './order-events.ts';

/** What pricing needs of a product. */
export interface PricedProduct {
  sku: string;
  name: string;
  price_minor: Minor;
}

export interface Coupon {
  code: string;
  /** 0 to 100, of each line. */
  percent_off: number;
  free_shipping: boolean;
}

export interface Quote {
  lines: OrderLine[];
  subtotal_minor: Minor;
  discount_minor: Minor;
  tax_minor: Minor;
  shipping_minor: Minor;
  total_minor: Minor;
}

/** What a parcel costs the customer, in minor units of the shop's currency. */
const SHIPPING_MINOR = { standard: 499, express: 1_499 } as const;
export type ShippingMethod = keyof typeof SHIPPING_MINOR;

/** Sales tax added on top, in basis points by destination; countries not listed are sold to without it. */
const TAX_BASIS_POINTS: Record<string, number> = { US: 800, CA: 1_300, GB: 2_000, DE: 1_900, IN: 1_800 };

function quoteLine(product: PricedProduct, quantity: number, line: number, percent: number, tax: number): OrderLine {
  const gross = product.price_minor * quantity;
  const discount = shareOf(gross, percent * 100);
  return {
    line,
    sku: product.sku,
    name: product.name,
    quantity,
    unit_minor: product.price_minor,
    discount_minor: discount,
    tax_minor: shareOf(gross - discount, tax),
  };
}

const sum = (lines: OrderLine[], of: (line: OrderLine) => Minor): Minor =>
  lines.reduce((total, line) => total + of(line), 0);

/**
 * Prices an order from the catalogue, whole minor units throughout:
 * total = subtotal - discount + tax + shipping, each the sum over the lines.
 */
export function quote(
  items: readonly { product: PricedProduct; quantity: number }[],
  terms: { country: string; shipping: ShippingMethod; coupon?: Coupon | undefined },
): Quote {
  const tax = TAX_BASIS_POINTS[terms.country] ?? 0;
  const percent = terms.coupon?.percent_off ?? 0;
  const lines = items.map(({ product, quantity }, index) => quoteLine(product, quantity, index + 1, percent, tax));
  const subtotal = sum(lines, (line) => line.unit_minor * line.quantity);
  const discount = sum(lines, (line) => line.discount_minor);
  const taxes = sum(lines, (line) => line.tax_minor);
  const shipping = terms.coupon?.free_shipping ? 0 : SHIPPING_MINOR[terms.shipping];
  return {
    lines,
    subtotal_minor: subtotal,
    discount_minor: discount,
    tax_minor: taxes,
    shipping_minor: shipping,
    total_minor: subtotal - discount + taxes + shipping,
  };
}
