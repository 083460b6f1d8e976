import { resolve } from 'node:path';
import type { Interfaces } from '@oclif/core';
import type { deployFlags, rollbackFlags } from './deploy-flags.ts';
import type { NamedHost } from './host-list.ts';
import { DEFAULT_ENVIRONMENT } from './provision-options.ts';

/** What a site is made of, as far as it was said in this call; paths are absolute. */
export interface SiteOptions {
  env: string;
  target?: 'servers' | 'local' | undefined;
  hosts?: NamedHost[] | undefined;
  privateAddresses?: { host: string; address: string }[] | undefined;
  identity?: string | undefined;
  home?: string | undefined;
  domains?: string[] | undefined;
  acmeEmail?: string | undefined;
  acmeServer?: string | undefined;
  certificate?: string | undefined;
  certificateKey?: string | undefined;
  selfSigned?: boolean | undefined;
  httpPort?: number | undefined;
  httpsPort?: number | undefined;
  events?: 'azure' | 'local' | undefined;
  azureCertificate?: string | undefined;
  clientId?: string | undefined;
  payments?: 'sandbox' | 'stripe' | undefined;
  replicasProducer?: number | undefined;
  replicasConsumer?: number | undefined;
  timeZone?: string | undefined;
  /** HH:MM, or null for no nightly backup. */
  backupAt?: string | null | undefined;
  observability?: boolean | undefined;
}

/** How a release goes out to the servers. */
export interface RolloutOptions {
  /** Groups or names of servers; undefined is all of them. */
  only?: string[] | undefined;
  /** Archive of images on this machine, instead of building and pulling. */
  images?: string | undefined;
  skipBase: boolean;
  /** Rising percentages, 100 at the end. */
  shift: readonly number[];
  shiftSeconds: number;
  /** Share of failed requests, 0 to 1. */
  errorBudget: number;
  gateSeconds: number;
  rollback: boolean;
}

/** What `oms deploy` was called with. */
export interface DeployOptions extends SiteOptions, RolloutOptions {
  saveImages?: string | undefined;
  check: boolean;
  unlock: boolean;
  why?: string | undefined;
  yes: boolean;
}

/** What holds where nothing was said. */
export const DEFAULTS = {
  shift: [1, 10, 50, 100],
  shiftSeconds: 15,
  errorBudgetPercent: 1,
  gateSeconds: 120,
  /** Who goes back is in a hurry. */
  rollbackShift: [100],
  rollbackShiftSeconds: 2,
} as const;

type Flags = Omit<Interfaces.InferredFlags<typeof deployFlags>, 'json'>;

const absolute = (path: string | undefined) => (path === undefined ? undefined : resolve(path));

const siteOptions = (flags: Flags): SiteOptions => ({
  env: flags.env ?? DEFAULT_ENVIRONMENT,
  target: flags.target,
  hosts: flags.hosts,
  privateAddresses: flags['private-address']?.flat(),
  identity: absolute(flags.identity),
  home: flags.home,
  domains: flags.domain?.flat(),
  acmeEmail: flags['acme-email'],
  acmeServer: flags['acme-server'],
  certificate: absolute(flags.certificate),
  certificateKey: absolute(flags['certificate-key']),
  selfSigned: flags['self-signed'],
  httpPort: flags['http-port'],
  httpsPort: flags['https-port'],
  events: flags.events,
  azureCertificate: absolute(flags['azure-certificate']),
  clientId: flags['client-id'],
  payments: flags.payments,
  replicasProducer: flags['replicas-producer'],
  replicasConsumer: flags['replicas-consumer'],
  timeZone: flags.timezone,
  backupAt: flags['backup-at'],
  observability: flags.observability,
});

const rolloutOptions = (flags: Flags): RolloutOptions => ({
  only: flags.only?.flat(),
  images: absolute(flags.images),
  skipBase: flags['skip-base'] ?? false,
  shift: flags.shift ?? DEFAULTS.shift,
  shiftSeconds: flags['shift-seconds'] ?? DEFAULTS.shiftSeconds,
  errorBudget: (flags['error-budget'] ?? DEFAULTS.errorBudgetPercent) / 100,
  gateSeconds: flags['gate-seconds'] ?? DEFAULTS.gateSeconds,
  rollback: flags.rollback ?? true,
});

/** The flags as the stages take them. */
export const deployOptions = (flags: Flags): DeployOptions => ({
  ...siteOptions(flags),
  ...rolloutOptions(flags),
  saveImages: absolute(flags['save-images']),
  check: flags.check ?? false,
  unlock: flags.unlock ?? false,
  why: flags.why,
  yes: flags.yes ?? false,
});

/** What `oms rollback` was called with: customers are moved over at once unless told otherwise. */
export const rollbackOptions = (flags: Omit<Interfaces.InferredFlags<typeof rollbackFlags>, 'json'>) => ({
  env: flags.env ?? DEFAULT_ENVIRONMENT,
  to: flags.to,
  skipBase: true,
  shift: flags.shift ?? DEFAULTS.rollbackShift,
  shiftSeconds: flags['shift-seconds'] ?? DEFAULTS.rollbackShiftSeconds,
  errorBudget: (flags['error-budget'] ?? DEFAULTS.errorBudgetPercent) / 100,
  gateSeconds: flags['gate-seconds'] ?? DEFAULTS.gateSeconds,
  rollback: true,
  check: flags.check ?? false,
  why: flags.why,
  yes: flags.yes ?? false,
});
