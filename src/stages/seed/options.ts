import { formatCount } from '../../ui/format.ts';
import { usualCustomers } from './customers.ts';

/** What `oms seed` is asked for; what is left out has the defaults below. */
export interface SeedRequest {
  orders?: number | undefined;
  products?: number | undefined;
  customers?: number | undefined;
  days?: number | undefined;
  seed?: number | undefined;
  /** Units of each product over all warehouses. */
  stock?: number | undefined;
  currency?: string | undefined;
  /** Path of a CSV file that takes the place of the invented catalogue. */
  catalogueFile?: string | undefined;
  databaseUrl?: string | undefined;
  /** A deployed site, instead of any other database. */
  environment?: string | undefined;
  /** ISO 8601: the end of the history. */
  now?: string | undefined;
  reset: boolean;
  yes: boolean;
}

const DEFAULT_ORDERS = 20_000;
const DEFAULT_PRODUCTS = 200;
const DEFAULT_DAYS = 365;
const DEFAULT_SEED = 42;
const DEFAULT_CURRENCY = 'USD';

/**
 * Units of each product. A simulation of 1,000 orders a second for 30 s wants at most 39,000 of the most popular one
 * (every order has it, 1.3 pieces on average) and about 13,000 at Zipf 1.0, so that this lasts for dozens of them.
 */
const DEFAULT_STOCK = 1_000_000;

/** What decides the rows of an invented catalogue. */
export interface CatalogueSettings {
  seed: number;
  products: number;
  stock: number;
  currency: string;
}

/** What decides the rows of a history, next to catalogue and clock. */
export interface OrderSettings {
  seed: number;
  orders: number;
  customers: number;
  days: number;
}

export function catalogueSettings(request: SeedRequest): CatalogueSettings {
  return {
    seed: request.seed ?? DEFAULT_SEED,
    products: request.products ?? DEFAULT_PRODUCTS,
    stock: request.stock ?? DEFAULT_STOCK,
    currency: request.currency ?? DEFAULT_CURRENCY,
  };
}

/** A real catalogue gets no invented history unless orders or customers are asked for. */
export function orderSettings(request: SeedRequest): OrderSettings {
  const orders = request.orders ?? (request.catalogueFile ? 0 : DEFAULT_ORDERS);
  return {
    seed: request.seed ?? DEFAULT_SEED,
    orders,
    customers: request.customers ?? usualCustomers(orders),
    days: request.days ?? DEFAULT_DAYS,
  };
}

const sameSettings = (a: object, b: object): boolean =>
  Object.entries(a).every(([key, value]) => (b as Record<string, unknown>)[key] === value);

/** Whether a recorded part was made with what is asked for now. */
export const isSamePart = (asked: object, recorded: object): boolean => sameSettings(asked, recorded);

/** "orders 20,000, seed 42" of what differs, as recorded and as asked for. */
export function describeDifference(asked: object, recorded: object): { there: string; asked: string } {
  const other = recorded as Record<string, unknown>;
  const differing = Object.entries(asked).filter(([key, value]) => other[key] !== value);
  const show = (key: string, value: unknown) => `${key} ${typeof value === 'number' ? formatCount(value) : value}`;
  return {
    there: differing.map(([key]) => show(key, other[key])).join(', '),
    asked: differing.map(([key, value]) => show(key, value)).join(', '),
  };
}
