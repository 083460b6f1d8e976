import { backupOptions, siteAccountStatements, siteAccountUrl } from '../../../tools/site-accounts.ts';
import type { SecretName } from '../services.ts';
import type { Site } from '../site.ts';
import { databaseClients } from '../site-network.ts';
import type { BaseValues } from './base-secrets.ts';

/** What is on the machine that deploys and is handed on as it is: PEM texts. */
export interface BroughtFiles {
  'azure-certificate'?: string | undefined;
  'tls-certificate'?: string | undefined;
  'tls-key'?: string | undefined;
}

/** Names of Compose, on every host of a site (compose.split.yaml). */
const DATABASE = { host: 'mysql', port: 3_306 };
const HUB = { host: 'hub', port: 5_672, keyName: 'oms' };
const BLOBS = { url: 'http://blobs:10000', account: 'oms' };

function databaseSecrets(site: Site, base: Required<BaseValues>): Partial<Record<SecretName, string>> {
  const passwords = {
    admin: base['mysql-admin-password'],
    app: base['mysql-app-password'],
    ask: base['mysql-ask-password'],
    sandbox: base['mysql-sandbox-password'],
    backup: base['mysql-backup-password'],
  };
  const url = (account: 'admin' | 'app' | 'ask' | 'sandbox') =>
    siteAccountUrl(account, passwords[account], DATABASE.host, DATABASE.port);
  return {
    'mysql-root-password': base['mysql-root-password'],
    'mysql-init': `${siteAccountStatements(passwords, databaseClients(site)).join('\n')}\n`,
    'mysql-backup-options': backupOptions(passwords.backup),
    'mysql-admin-url': url('admin'),
    'mysql-app-url': url('app'),
    'mysql-ask-url': url('ask'),
    'mysql-sandbox-url': url('sandbox'),
  };
}

/** Azurite takes a key in base64 alone. */
const blobKey = (key: string) => Buffer.from(key).toString('base64');

function hubSecrets(key: string, blobs: string): Partial<Record<SecretName, string>> {
  return {
    'hub-key': key,
    'hub-connection': [
      `Endpoint=sb://${HUB.host}:${HUB.port}`,
      `SharedAccessKeyName=${HUB.keyName}`,
      `SharedAccessKey=${key}`,
      'UseDevelopmentEmulator=true',
    ].join(';'),
    'blob-accounts': `${BLOBS.account}:${blobKey(blobs)}`,
    'blob-connection': [
      'DefaultEndpointsProtocol=http',
      `AccountName=${BLOBS.account}`,
      `AccountKey=${blobKey(blobs)}`,
      `BlobEndpoint=${BLOBS.url}/${BLOBS.account}`,
    ].join(';'),
  };
}

const PASSED_ON = [
  'admin-token',
  'psp-hook-secret',
  'carrier-hook-secret',
  'stripe-key',
  'stripe-hook-secret',
  'grafana-password',
  'smtp-url',
] as const satisfies readonly (keyof BaseValues & SecretName)[];

/**
 * The files of `<home>/secrets` by name: what a site has of SECRETS. Pure: the same passwords give the same files, so
 * that a hash of a file changes only with what it was made of.
 */
export function deriveSecrets(site: Site, base: BaseValues, files: BroughtFiles): Partial<Record<SecretName, string>> {
  const all: Partial<Record<SecretName, string | undefined>> = {
    ...databaseSecrets(site, base as Required<BaseValues>),
    ...(site.events.kind === 'local' && hubSecrets(base['hub-key']!, base['blob-key']!)),
    ...Object.fromEntries(PASSED_ON.map((name) => [name, base[name]])),
    ...files,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
