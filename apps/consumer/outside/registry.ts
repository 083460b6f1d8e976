import { Type } from 'typebox';
import { EnvironmentError } from '../../../lib/runtime/env.ts';
import { HttpInventory, type InventorySource } from './inventory.ts';
import type { Performer } from './performer.ts';
import { SandboxCarrier } from './providers/sandbox-carrier.ts';
import { SandboxPayments } from './providers/sandbox-payments.ts';
import { StripePayments } from './providers/stripe.ts';

/** The environment variables that say who is asked for payments, parcels and counts; to be spread into an app's schema. */
export const OUTSIDE_ENV = {
  OMS_PAYMENT_PROVIDER: Type.Enum(['sandbox', 'stripe'], { default: 'sandbox' }),
  OMS_PAYMENT_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'where the payment provider is; without it payments wait' }),
  ),
  OMS_STRIPE_KEY: Type.Optional(Type.String({ minLength: 1, description: 'secret key, for the provider stripe' })),
  OMS_PAYMENT_RETURN_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'where customers come back to from confirming a payment' }),
  ),
  OMS_CARRIERS: Type.String({
    pattern: '^[a-z0-9_-]{1,24}(,[a-z0-9_-]{1,24})*$',
    default: 'swiftpost,parcelway',
    description: 'carriers by preference, separated by commas',
  }),
  OMS_CARRIER_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'where the carriers are; without it parcels wait' }),
  ),
  OMS_INVENTORY_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'an external inventory whose counts are taken over' }),
  ),
};

export interface OutsideSettings {
  OMS_PAYMENT_PROVIDER: string;
  OMS_PAYMENT_URL?: string;
  OMS_STRIPE_KEY?: string;
  OMS_PAYMENT_RETURN_URL?: string;
  OMS_CARRIERS: string;
  OMS_CARRIER_URL?: string;
  OMS_INVENTORY_URL?: string;
}

/** Carriers by preference. */
export const carrierNames = ({ OMS_CARRIERS }: Pick<OutsideSettings, 'OMS_CARRIERS'>): string[] =>
  OMS_CARRIERS.split(',');

/** A new provider is one adapter file and one line here. */
function paymentsFrom(settings: OutsideSettings): Performer[] {
  const { OMS_PAYMENT_PROVIDER: provider, OMS_PAYMENT_URL: baseUrl, OMS_STRIPE_KEY: apiKey } = settings;
  if (provider === 'stripe') {
    if (!apiKey) throw new EnvironmentError('environment: OMS_STRIPE_KEY is missing for the provider stripe');
    return [new StripePayments({ baseUrl, apiKey, returnUrl: settings.OMS_PAYMENT_RETURN_URL })];
  }
  return baseUrl ? [new SandboxPayments(baseUrl)] : [];
}

function carriersFrom(settings: OutsideSettings): Performer[] {
  const url = settings.OMS_CARRIER_URL;
  return url ? carrierNames(settings).map((name) => new SandboxCarrier(name, url)) : [];
}

/**
 * Opens what the environment names. Whoever is not named is not there: what is asked of them waits in the database.
 * @throws {EnvironmentError}
 */
export function outsideFrom(settings: OutsideSettings): {
  performers: Performer[];
  inventory: InventorySource | undefined;
} {
  return {
    performers: [...paymentsFrom(settings), ...carriersFrom(settings)],
    inventory: settings.OMS_INVENTORY_URL ? new HttpInventory(settings.OMS_INVENTORY_URL) : undefined,
  };
}
