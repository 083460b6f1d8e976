import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { pick, type Random, type Weighted } from './random.ts';

export type ShipTo = OrderRequest['ship_to'];

/** Where customers live; shares in per cent. */
export const PLACES: Weighted<ShipTo> = [
  [{ country: 'US', region: 'NY', city: 'New York', postcode_prefix: '100' }, 22],
  [{ country: 'US', region: 'CA', city: 'Los Angeles', postcode_prefix: '900' }, 13],
  [{ country: 'DE', region: 'BE', city: 'Berlin', postcode_prefix: '101' }, 14],
  [{ country: 'GB', region: 'ENG', city: 'London', postcode_prefix: 'SW1' }, 12],
  [{ country: 'IN', region: 'MH', city: 'Mumbai', postcode_prefix: '400' }, 15],
  [{ country: 'CA', region: 'ON', city: 'Toronto', postcode_prefix: 'M5V' }, 7],
  [{ country: 'FR', region: 'IDF', city: 'Paris', postcode_prefix: '750' }, 6],
  [{ country: 'BR', region: 'SP', city: 'São Paulo', postcode_prefix: '010' }, 6],
  [{ country: 'JP', region: '13', city: '東京', postcode_prefix: '100' }, 5],
];

/** A place in another country than `home`. */
export const placeAbroad = (random: Random, home: ShipTo): ShipTo =>
  pick(
    random,
    PLACES.filter(([place]) => place.country !== home.country),
  );
