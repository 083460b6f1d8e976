import type { Minor } from '../../../lib/domain/money.ts';

/** Stock at which more is ordered, as a share of what lies in the warehouse at first. */
export const REORDER_SHARE = 0.05;

/** Units of a product in one warehouse. */
export interface StockLevel {
  warehouse: string;
  /** What can be promised at first. */
  available: number;
  reorderPoint: number;
}

/** A product on its way into the database. */
export interface CatalogueProduct {
  sku: string;
  name: string;
  category: string;
  brand: string;
  price_minor: Minor;
  cost_minor: Minor;
  currency: string;
  stock: StockLevel[];
}

/** A product as the history sells it; the position in a list is its popularity. */
export interface SoldProduct {
  productId: number;
  sku: string;
  name: string;
  price_minor: Minor;
  /** In key order; at least one. */
  warehouses: readonly string[];
}
