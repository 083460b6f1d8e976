import type { HostGroup } from './site.ts';

/** Our own images, by what is in them, and those of others. */
export const OWN_IMAGES = ['app', 'notifier', 'hub', 'web'] as const;
export type OwnImage = (typeof OWN_IMAGES)[number];

/**
 * Unmodified images of others, by version. No digest: none can be known without the registry they lie in; the first
 * deployment notes the one it found, and a later one that differs is shown as a change.
 */
export const OTHERS_IMAGES = {
  traefik: 'traefik:v3.7.9',
  mysql: 'mysql:8.4.10',
  blobs: 'mcr.microsoft.com/azure-storage/azurite:3.36.0',
  prometheus: 'prom/prometheus:v3.7.3',
  grafana: 'grafana/grafana:12.3.0',
} as const;
export type OthersImage = keyof typeof OTHERS_IMAGES;

/**
 * How a service goes from one release to the next without a failed request.
 * - one-by-one: drained, replaced and healthy before the next of its kind.
 * - colour: the new release comes up beside the old one as the other colour (a or b), takes over, the old one goes.
 * - in-place: stopped and started; what depends on it waits (docs/deploy.md says for how long).
 * - job: runs to its end during a deployment.
 */
export type Update = 'one-by-one' | 'colour' | 'in-place' | 'job';

export interface Service {
  image: OwnImage | OthersImage;
  group: HostGroup;
  update: Update;
  /** In a profile of compose.yaml; always there without one. `setup` is never up, it is run. */
  profile?: 'hub' | 'sandbox' | 'observability' | 'setup';
}

/** Every service of compose.yaml by its name there, in the order they come up. */
export const SERVICES = {
  mysql: { image: 'mysql', group: 'data', update: 'in-place' },
  hub: { image: 'hub', group: 'data', update: 'in-place', profile: 'hub' },
  blobs: { image: 'blobs', group: 'data', update: 'in-place', profile: 'hub' },
  setup: { image: 'app', group: 'app', update: 'job', profile: 'setup' },
  sandbox: { image: 'hub', group: 'app', update: 'in-place', profile: 'sandbox' },
  'producer-a': { image: 'app', group: 'app', update: 'colour' },
  'producer-b': { image: 'app', group: 'app', update: 'colour' },
  'consumer-a': { image: 'app', group: 'app', update: 'colour' },
  'consumer-b': { image: 'app', group: 'app', update: 'colour' },
  notifier: { image: 'notifier', group: 'app', update: 'in-place' },
  pages1: { image: 'app', group: 'web', update: 'one-by-one' },
  pages2: { image: 'app', group: 'web', update: 'one-by-one' },
  web1: { image: 'web', group: 'web', update: 'one-by-one' },
  web2: { image: 'web', group: 'web', update: 'one-by-one' },
  web3: { image: 'web', group: 'web', update: 'one-by-one' },
  traefik: { image: 'traefik', group: 'web', update: 'in-place' },
  prometheus: { image: 'prometheus', group: 'data', update: 'in-place', profile: 'observability' },
  grafana: { image: 'grafana', group: 'data', update: 'in-place', profile: 'observability' },
} as const satisfies Record<string, Service>;
export type ServiceName = keyof typeof SERVICES;

export const COLOURS = ['a', 'b'] as const;
export type Colour = (typeof COLOURS)[number];

/** Who runs in the containers, as uid:gid; images and files on the host agree by it. */
export const USERS = {
  app: 10_001,
  web: 101,
  mysql: 999,
  traefik: 10_002,
  blobs: 10_003,
  observability: 10_004,
} as const;
export type User = keyof typeof USERS;

export interface Secret {
  /** Whose containers read it; the file on the host is theirs alone (0400). */
  user: User;
  /** Where a copy for the group's hosts lies. */
  group: HostGroup;
  /** Made here when it is not there yet (32 random bytes, base64url); otherwise somebody has to bring it. */
  generated: boolean;
  /** Its name in the key vault of `oms provision`, which wins over the file here. */
  vault?: string;
  what: string;
}

/** Files of `<home>/secrets`, mounted as /run/secrets/<name>. URLs are put together from passwords on the way there. */
export const SECRETS = {
  'mysql-root-password': {
    user: 'mysql',
    group: 'data',
    generated: true,
    vault: 'mysql-root-password',
    what: 'root of MySQL, inside its container',
  },
  'mysql-init': {
    user: 'mysql',
    group: 'data',
    generated: true,
    what: 'SQL that the server runs at its start: accounts',
  },
  'mysql-backup-options': { user: 'mysql', group: 'data', generated: true, what: 'option file of the backup account' },
  'mysql-admin-url': { user: 'app', group: 'app', generated: true, what: 'owner of the schema: setup alone' },
  'mysql-app-url': { user: 'app', group: 'app', generated: true, what: 'rows only: order API, consumer, notifier' },
  'mysql-ask-url': { user: 'app', group: 'app', generated: true, what: 'reads what questions may read' },
  'mysql-sandbox-url': { user: 'app', group: 'app', generated: true, what: "the stand-in provider's own book" },
  'hub-key': { user: 'app', group: 'data', generated: true, what: "the site's own hub" },
  'hub-connection': { user: 'app', group: 'app', generated: true, what: "connection string of the site's own hub" },
  'blob-accounts': {
    user: 'blobs',
    group: 'data',
    generated: true,
    what: "`oms:<key, base64>`: the blob server's own account",
  },
  'blob-connection': { user: 'app', group: 'app', generated: true, what: 'account for labels and invoices' },
  'azure-certificate': { user: 'app', group: 'app', generated: false, what: 'signs in to Event Hubs (PEM)' },
  'admin-token': { user: 'app', group: 'app', generated: true, vault: 'admin-token', what: 'staff of the order API' },
  'psp-hook-secret': { user: 'app', group: 'app', generated: true, vault: 'webhook-secret', what: 'signs webhooks' },
  'carrier-hook-secret': {
    user: 'app',
    group: 'app',
    generated: true,
    vault: 'webhook-secret',
    what: 'signs webhooks',
  },
  'stripe-key': { user: 'app', group: 'app', generated: false, what: 'payments by Stripe' },
  'stripe-hook-secret': { user: 'app', group: 'app', generated: false, what: 'signs webhooks of Stripe' },
  'smtp-url': { user: 'app', group: 'app', generated: false, what: 'server that mail is handed to' },
  'grafana-password': { user: 'observability', group: 'data', generated: true, what: 'admin of Grafana' },
  'tls-certificate': { user: 'traefik', group: 'web', generated: false, what: 'certificate of the shop (PEM)' },
  'tls-key': { user: 'traefik', group: 'web', generated: false, what: 'its key (PEM)' },
} as const satisfies Record<string, Secret>;
export type SecretName = keyof typeof SECRETS;
