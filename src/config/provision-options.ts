import type { Interfaces } from '@oclif/core';
import type { provisionFlags } from './provision-flags.ts';
import type { Redundancy, Sku } from './workload-flags.ts';

/** The environment that is meant where nobody says which. */
export const DEFAULT_ENVIRONMENT = 'demo';

/** What a namespace is sized by. */
export interface SizingOptions {
  /** Orders a second. */
  rate?: number | undefined;
  eventBytes?: number | undefined;
  consumers?: number | undefined;
  eventsPerOrder?: number | undefined;
  sku?: Sku | undefined;
  captureIntervalSeconds?: number | undefined;
  archiveRedundancy?: Redundancy | undefined;
}

/** What an environment is made of; undefined where nothing was said. */
export interface EnvironmentOptions extends SizingOptions {
  env: string;
  subscription?: string | undefined;
  tenant?: string | undefined;
  region?: string | undefined;
  secondaryRegion?: string | undefined;
  state?: 'azure' | 'local' | undefined;
  units?: number | undefined;
  maximumUnits?: number | undefined;
  partitions?: number | undefined;
  /** CIDR ranges. */
  allowedRanges?: string[] | undefined;
  privateEndpointSubnetId?: string | undefined;
  customerManagedKey?: boolean | undefined;
  alertEmails?: string[] | undefined;
  budget?: number | undefined;
  /** Path of a PEM file. */
  certificate?: string | undefined;
  principal?: string | undefined;
  sasFallback?: boolean | undefined;
  planOnly?: boolean | undefined;
}

/** What `oms provision` was called with. */
export interface ProvisionOptions extends EnvironmentOptions {
  /** sb://host:port */
  gateway?: string | undefined;
  planOnly: boolean;
  drift: boolean;
  lockArchive: boolean;
  canary: boolean;
  canaryTimeoutMs?: number | undefined;
  /** Id of the lock to release. */
  unlock?: string | undefined;
  /** Names typed beforehand: the environment's, with --lock-archive that of the archive account. */
  confirm?: string[] | undefined;
  yes: boolean;
}

type Flags = Omit<Interfaces.InferredFlags<typeof provisionFlags>, 'json'>;

const sizeOptions = (flags: Flags) => ({
  rate: flags.rate,
  eventBytes: flags['event-bytes'],
  consumers: flags.consumers,
  eventsPerOrder: flags['events-per-order'],
  sku: flags.sku,
  captureIntervalSeconds: flags['capture-interval'],
  archiveRedundancy: flags['archive-redundancy'],
  units: flags.units,
  maximumUnits: flags['max-units'],
  partitions: flags.partitions,
});

const accessOptions = (flags: Flags) => ({
  allowedRanges: flags['allow-ip']?.flat(),
  privateEndpointSubnetId: flags['private-endpoint-subnet'],
  customerManagedKey: flags['customer-managed-key'],
  alertEmails: flags['alert-email']?.flat(),
  budget: flags.budget,
  certificate: flags.certificate,
  principal: flags.principal,
  sasFallback: flags['sas-fallback'],
  gateway: flags.gateway,
});

/** The flags as the stages take them. */
export const provisionOptions = (flags: Flags): ProvisionOptions => ({
  env: flags.env ?? DEFAULT_ENVIRONMENT,
  subscription: flags.subscription,
  tenant: flags.tenant,
  region: flags.region,
  secondaryRegion: flags['secondary-region'],
  state: flags.state,
  ...sizeOptions(flags),
  ...accessOptions(flags),
  planOnly: flags['plan-only'] ?? false,
  drift: flags.drift ?? false,
  lockArchive: flags['lock-archive'] ?? false,
  canary: flags.canary ?? true,
  canaryTimeoutMs: flags['canary-timeout'],
  unlock: flags.unlock,
  confirm: flags.confirm?.flat(),
  yes: flags.yes ?? false,
});
