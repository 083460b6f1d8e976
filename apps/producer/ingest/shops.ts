import { genericShop } from './generic-shop.ts';
import type { ShopMapper } from './shop-mapper.ts';
import { shopifyShop } from './shopify-shop.ts';

/** Every kind of other shop. */
export const SHOPS: readonly ShopMapper[] = [genericShop, shopifyShop];

/** Whether a key names the order of another shop. */
export const isKeyOfShop = (key: string): boolean => SHOPS.some(({ name }) => key.startsWith(`${name}:`));
