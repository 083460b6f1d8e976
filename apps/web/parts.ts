import type { Logger } from '../../lib/runtime/logger.ts';
import type { Registry } from '../../lib/runtime/metrics.ts';
import type { OrderApi } from './api/order-api.ts';
import type { Assets } from './assets.ts';

/** What every page is made with. */
export interface WebParts {
  api: OrderApi;
  assets: Assets;
  /** What the shop calls itself. */
  shopName: string;
  /** Whether people reach the shop by https. */
  secureCookies: boolean;
  registry: Registry;
  logger: Logger;
}
