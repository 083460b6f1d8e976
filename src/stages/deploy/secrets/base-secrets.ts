import type { Site } from '../site.ts';

/** Whatever a site's secrets are put together from: one file each in `.oms/<env>/secrets`, 0600. */
export interface BaseSecret {
  /** Where it comes from when it is not there: made here, brought by somebody, or done without. */
  origin: 'made' | 'brought' | 'optional';
  /** Its name in the key vault of `oms provision`, which wins over the file here. */
  vault?: string;
  /** What it has to look like; values are never repeated. */
  form: 'password' | 'token';
  /** Whether a site has it; always, where nothing is said. */
  applies?: (site: Site) => boolean;
  /** Of one that is brought: where to get it. */
  hint?: string;
}

const local = ({ events }: Site) => events.kind === 'local';
const stripe = ({ payments }: Site) => payments === 'stripe';

export const BASE_SECRETS = {
  'mysql-root-password': { origin: 'made', form: 'password', vault: 'mysql-root-password' },
  'mysql-admin-password': { origin: 'made', form: 'password' },
  'mysql-app-password': { origin: 'made', form: 'password', vault: 'mysql-app-password' },
  'mysql-ask-password': { origin: 'made', form: 'password', vault: 'mysql-report-password' },
  'mysql-sandbox-password': { origin: 'made', form: 'password' },
  'mysql-backup-password': { origin: 'made', form: 'password' },
  'hub-key': { origin: 'made', form: 'token', applies: local },
  'blob-key': { origin: 'made', form: 'token', applies: local },
  'admin-token': { origin: 'made', form: 'token', vault: 'admin-token' },
  'psp-hook-secret': { origin: 'made', form: 'token', vault: 'webhook-secret' },
  'carrier-hook-secret': { origin: 'made', form: 'token', vault: 'webhook-secret' },
  'grafana-password': { origin: 'made', form: 'password', applies: ({ observability }) => observability },
  'smtp-url': { origin: 'optional', form: 'token' },
  'stripe-key': {
    origin: 'brought',
    form: 'token',
    applies: stripe,
    hint: 'a secret key of https://dashboard.stripe.com/apikeys',
  },
  'stripe-hook-secret': {
    origin: 'brought',
    form: 'token',
    applies: stripe,
    hint: 'signing secret of the endpoint /hooks/stripe, https://dashboard.stripe.com/webhooks',
  },
} as const satisfies Record<string, BaseSecret>;
export type BaseName = keyof typeof BASE_SECRETS;

/** Those that a site has; a key of what it does not use is left out. */
export type BaseValues = Partial<Record<BaseName, string>>;

/** Base secrets that this site needs, in the order they are listed. */
export const baseSecretsOf = (site: Site): [BaseName, BaseSecret][] =>
  (Object.entries(BASE_SECRETS) as [BaseName, BaseSecret][]).filter(([, { applies }]) => applies?.(site) ?? true);

/** 32 bytes, in base64url. */
export const SECRET_BYTES = 32;
