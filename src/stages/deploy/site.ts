import { join } from 'node:path';
import { type Static, Type } from 'typebox';

const Text = Type.String({ minLength: 1 });
const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
const Replicas = Type.Integer({ minimum: 1, maximum: 20 });

/** What a server carries: the proxy with web servers and pages; order API and consumers; the database. */
export const HOST_GROUPS = ['web', 'app', 'data'] as const;
export type HostGroup = (typeof HOST_GROUPS)[number];

/** One server, or this machine (`connection: local`, which has no SSH). */
export const Host = Type.Object({
  /** Of the inventory, such as "shop-1". */
  name: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$' }),
  connection: Type.Enum(['ssh', 'local']),
  /** What SSH connects to: a name or an IP address. */
  address: Text,
  /** Where the other servers reach it, when that is another network; the address otherwise. */
  privateAddress: Type.Union([Text, Type.Null()]),
  port: Port,
  user: Text,
  /** No group twice; each group is on at least one host, `data` on exactly one. */
  groups: Type.Array(Type.Enum([...HOST_GROUPS]), { minItems: 1 }),
});
export type Host = Static<typeof Host>;

export const Certificates = Type.Union([
  /** Let's Encrypt or another ACME server, by the TLS challenge; `server` null is Let's Encrypt. */
  Type.Object({ kind: Type.Literal('acme'), email: Text, server: Type.Union([Text, Type.Null()]) }),
  /** Files on the machine that deploys; PEM. */
  Type.Object({ kind: Type.Literal('files'), certificate: Text, key: Text }),
  /** Traefik makes one itself: for a trial, browsers warn. */
  Type.Object({ kind: Type.Literal('self-signed') }),
]);
export type Certificates = Static<typeof Certificates>;

/** Where events go: the namespace of `oms provision`, or a hub of the site's own (no cloud). */
export const Events = Type.Union([
  Type.Object({
    kind: Type.Literal('azure'),
    /** Such as shop.servicebus.windows.net. */
    namespace: Text,
    tenantId: Text,
    /** Of the application whose certificate signs in. */
    clientId: Text,
    /** PEM with key and certificate, on the machine that deploys. */
    certificate: Text,
    /** https address of the account for labels and invoices. */
    filesAccount: Text,
  }),
  Type.Object({ kind: Type.Literal('local') }),
]);

/** A site: what `oms deploy` was told once; kept in `.oms/<env>/deploy.json`. No secret is in it. */
export const Site = Type.Object({
  version: Type.Literal(1),
  /** Of the environment. */
  name: Text,
  hosts: Type.Array(Host, { minItems: 1 }),
  /** Private key for SSH; null leaves the choice to ssh (agent, ~/.ssh/config). */
  identityFile: Type.Union([Text, Type.Null()]),
  /** Folder on the servers; every path of host-layout.ts lies in it. */
  home: Type.String({ pattern: '^/[A-Za-z0-9._/-]+$' }),
  /** Names the shop is reached by; the first one is in links. */
  domains: Type.Array(Text, { minItems: 1 }),
  certificates: Certificates,
  /** Published by Traefik. */
  ports: Type.Object({ http: Port, https: Port }),
  events: Events,
  /** The sandbox is a stand-in of ours that takes no money. */
  payments: Type.Enum(['sandbox', 'stripe']),
  /** Of each release; also what `oms deploy` keeps running while another is brought up. */
  replicas: Type.Object({ producer: Replicas, consumer: Replicas }),
  observability: Type.Boolean(),
  /** Name in the IANA database: where the days and weeks of the shop's figures begin. */
  timeZone: Text,
  /** Time of day, HH:MM by the clock of the server with the database, of its nightly backup; null for none. */
  backupAt: Type.Union([Type.String({ pattern: '^\\d\\d:\\d\\d$' }), Type.Null()]),
});
export type Site = Static<typeof Site>;

/** Where a site's things are on the machine that deploys; a folder only its owner may enter. */
export function sitePaths(baseDir: string, name: string) {
  const folder = join(baseDir, name);
  const deploy = join(folder, 'deploy');
  return {
    folder,
    site: join(folder, 'deploy.json'),
    /** Working files of Ansible: inventory, variables, what is staged for each host. */
    deploy,
    inventory: join(deploy, 'inventory.json'),
    variables: join(deploy, 'variables.json'),
    /** `stage/<host>/` is copied to `releases/<id>/` of that host as it is. */
    stage: join(deploy, 'stage'),
    /** One file a secret, 0600, named as in SECRETS. */
    secrets: join(folder, 'secrets'),
    knownHosts: join(folder, 'known_hosts'),
    lock: join(folder, 'deploy.lock'),
    runs: join(folder, 'runs'),
    /** JSON lines: who deployed what, when, and how it ended. */
    audit: join(folder, 'audit.jsonl'),
    backups: join(folder, 'backups'),
  };
}
export type SitePaths = ReturnType<typeof sitePaths>;
