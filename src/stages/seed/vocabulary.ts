import type { PAYMENT_METHODS } from '../../../lib/domain/fields.ts';
import type { Weighted } from '../workload/random.ts';

/** The shop that the history is about: what it sells, where, to whom, and who carries and pays. Shares are per cent. */

export type Method = (typeof PAYMENT_METHODS)[number];

/** A kind of product: typical prices in whole units of the currency, nouns for names, brands that make it. */
export interface Category {
  name: string;
  prefix: string;
  medianPrice: number;
  nouns: readonly string[];
  brands: readonly string[];
}

const category = (name: string, prefix: string, medianPrice: number, brands: string[], nouns: string): Category => ({
  name,
  prefix,
  medianPrice,
  brands,
  nouns: nouns.split(', '),
});

export const CATEGORIES: readonly Category[] = [
  category('Footwear', 'FW', 89, ['Northpeak', 'Solstice'], 'Trail Runner, Boots, Sandals, Sneakers, Loafers, Socks'),
  category('Coffee & Tea', 'CT', 19, ['Brewhaus'], 'Espresso Beans, Green Tea, Filter Roast, Chai, Cold Brew, Matcha'),
  category(
    'Kitchen',
    'KI',
    45,
    ['Casa Verde', 'Ironwood'],
    'Skillet, Kettle, Chef Knife, Mixing Bowls, Grinder, Board',
  ),
  category('Outdoor', 'OD', 95, ['Northpeak', 'Ironwood'], 'Tent, Backpack, Sleeping Bag, Headlamp, Flask, Hammock'),
  category(
    'Electronics',
    'EL',
    129,
    ['Pixelon', 'Lumina'],
    'Headphones, Speaker, Charger, Webcam, Keyboard, Smart Lamp',
  ),
  category('Beauty', 'BE', 24, ['Solstice', 'Lumina'], 'Face Cream, Serum, Shampoo, Lip Balm, Soap, Sunscreen'),
  category('Toys', 'TO', 29, ['TinyTown', 'Pixelon'], 'Building Blocks, Puzzle, Train Set, Doll House, Robot, Kite'),
  category('Home Decor', 'HD', 39, ['Casa Verde', 'Lumina'], 'Vase, Cushion, Wall Clock, Candle, Rug, Picture Frame'),
];

export const WAREHOUSES = ['East', 'West', 'EU'] as const;
export type Warehouse = (typeof WAREHOUSES)[number];

/** How a product's stock lies over the warehouses. */
export const WAREHOUSE_SHARES: Weighted<Warehouse> = [
  ['East', 40],
  ['West', 35],
  ['EU', 25],
];

export interface Place {
  country: string;
  city: string;
  /** The first characters of the city's postcodes. */
  postcodes: readonly string[];
  warehouse: Warehouse;
}

const place = (country: string, city: string, warehouse: Warehouse, postcodes: string): Place => ({
  country,
  city,
  warehouse,
  postcodes: postcodes.split(' '),
});

export const PLACES: Weighted<Place> = [
  [place('US', 'New York', 'East', '100 101 112'), 15],
  [place('US', 'Chicago', 'East', '606 607'), 11],
  [place('US', 'Austin', 'West', '787 733'), 8],
  [place('US', 'Seattle', 'West', '981'), 9],
  [place('US', 'Denver', 'West', '802 803'), 6],
  [place('CA', 'Toronto', 'East', 'M4 M5 M6'), 10],
  [place('GB', 'London', 'EU', 'E1 N1 SE1 SW1 W1'), 12],
  [place('DE', 'Berlin', 'EU', '101 104 120'), 10],
  [place('IN', 'Mumbai', 'EU', '400'), 11],
  [place('IN', 'Bengaluru', 'EU', '560'), 8],
];

export const SEGMENTS: Weighted<string> = [
  ['consumer', 75],
  ['business', 17],
  ['vip', 8],
];

export const CHANNELS: Weighted<string> = [
  ['mobile', 52],
  ['web', 48],
];

const METHODS: Weighted<Method> = [
  ['card', 48],
  ['paypal', 18],
  ['apple_pay', 12],
  ['google_pay', 8],
  ['bnpl', 10],
  ['bank_transfer', 4],
];
const METHODS_IN_INDIA: Weighted<Method> = [
  ['upi', 48],
  ['card', 30],
  ['google_pay', 12],
  ['bnpl', 8],
  ['bank_transfer', 2],
];
export const methodsIn = (country: string): Weighted<Method> => (country === 'IN' ? METHODS_IN_INDIA : METHODS);

/** Methods where the money moves at once; the others are authorised first and captured before the parcel leaves. */
export const CAPTURED_AT_ONCE: ReadonlySet<Method> = new Set(['upi', 'bank_transfer']);

const FAILURES: Weighted<string> = [
  ['insufficient_funds', 36],
  ['card_declined', 36],
  ['timeout', 18],
  ['fraud_suspected', 10],
];
const CARD_FAILURES: Weighted<string> = [
  ['card_declined', 28],
  ['insufficient_funds', 25],
  ['3ds_failed', 20],
  ['expired_card', 13],
  ['timeout', 9],
  ['fraud_suspected', 5],
];
export const failuresOf = (method: Method): Weighted<string> => (method === 'card' ? CARD_FAILURES : FAILURES);

export interface Carrier {
  name: string;
  /** Median time on the road as a share of the promised one: the smaller, the more punctual. */
  pace: number;
  /** What a parcel costs the shop on the median, in hundredths of the currency. */
  medianCost: number;
}

const UPS: Carrier = { name: 'UPS', pace: 0.62, medianCost: 890 };
const FEDEX: Carrier = { name: 'FedEx', pace: 0.66, medianCost: 940 };
const DHL: Carrier = { name: 'DHL', pace: 0.68, medianCost: 820 };
const USPS: Carrier = { name: 'USPS', pace: 0.76, medianCost: 610 };
const BLUE_DART: Carrier = { name: 'BlueDart', pace: 0.8, medianCost: 540 };

const CARRIERS: Record<string, Weighted<Carrier>> = {
  US: [
    [UPS, 40],
    [FEDEX, 27],
    [USPS, 33],
  ],
  CA: [
    [UPS, 40],
    [FEDEX, 40],
    [DHL, 20],
  ],
  IN: [
    [BLUE_DART, 70],
    [DHL, 20],
    [FEDEX, 10],
  ],
};
const CARRIERS_ELSEWHERE: Weighted<Carrier> = [
  [DHL, 60],
  [UPS, 40],
];
export const carriersIn = (country: string): Weighted<Carrier> => CARRIERS[country] ?? CARRIERS_ELSEWHERE;

export const REFUND_REASONS: Weighted<string> = [
  ['damaged', 25],
  ['changed_mind', 25],
  ['size_fit', 20],
  ['not_as_described', 16],
  ['wrong_item', 14],
];

/** Goods that came back for these reasons can be sold again. */
export const RESALABLE: ReadonlySet<string> = new Set(['changed_mind', 'size_fit', 'wrong_item']);

export const COUPONS = [
  { code: 'WELCOME10', percent_off: 10, free_shipping: false },
  { code: 'SUMMER20', percent_off: 20, free_shipping: false },
  { code: 'VIP15', percent_off: 15, free_shipping: false },
  { code: 'FREESHIP', percent_off: 0, free_shipping: true },
] as const;
export type CouponCode = (typeof COUPONS)[number]['code'];
