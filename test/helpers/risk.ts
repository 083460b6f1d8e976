import type { OrderPlacedData } from '../../lib/domain/order-events.ts';
import type { Velocity } from '../../lib/risk/velocity.ts';
import { placedEvent } from './orders.ts';

export const NO_VELOCITY: Velocity = { customer: 0, ip: 0, device: 0, address: 0 };

/** An order delivered to DE with these risk signals; without any when there are none. */
export const orderWith = (
  risk_signals: OrderPlacedData['risk_signals'],
  data: Partial<OrderPlacedData> = {},
): OrderPlacedData => placedEvent({ key: 'k-1', data: { ...(risk_signals && { risk_signals }), ...data } }).data;

/** Somebody who has bought for years, on their own device. */
export const REGULAR = {
  ip_hash: '1111111111111111',
  device_hash: '2222222222222222',
  address_hash: '3333333333333333',
  account_age_days: 900,
  device_age_days: 400,
  billing_country: 'DE',
  email_domain: 'example.com',
};

/** Everything that can be odd about one order. */
export const SUSPECT = {
  ...REGULAR,
  account_age_days: 0,
  device_age_days: 0,
  billing_country: 'US',
  email_domain: 'mailinator.com',
};
