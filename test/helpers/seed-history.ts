import type { SoldProduct } from '../../src/stages/seed/catalogue.ts';
import { usualCustomers } from '../../src/stages/seed/customers.ts';
import { type History, type HistorySettings, planHistory } from '../../src/stages/seed/history.ts';

/** A Saturday, so that the last days have orders in every status. */
export const SEED_NOW = Date.parse('2026-11-21T12:00:00Z');

export const SEED_PRODUCTS: readonly SoldProduct[] = Array.from({ length: 40 }, (_, index) => ({
  productId: index + 1,
  sku: `SKU-${index + 1}`,
  name: `Product ${index + 1}`,
  price_minor: 999 + index * 500,
  warehouses: index % 2 === 0 ? ['EU', 'East', 'West'] : ['East'],
}));

/** A history of invented orders that needs no database. */
export function seedHistory(settings: Partial<HistorySettings> = {}): History {
  const orders = settings.orders ?? 2_000;
  const defaults = { seed: 7, orders, customers: usualCustomers(orders), days: 365, timeZone: 'UTC', currency: 'USD' };
  return planHistory({ ...defaults, until: SEED_NOW, ...settings }, SEED_PRODUCTS);
}
